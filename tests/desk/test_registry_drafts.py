"""The registry edited at the desk: drafts are checked, tried, applied now or at a time; nothing is lost."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
import yaml

from ivr.people.rights import Role
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.site import registry_history, registry_snapshot
from testkit.hotline.desk_client import DeskAnswer, DeskClient, LivePage
from testkit.hotline.running import ROOT
from testkit.hotline.running_desk import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

SHIPPED = (ROOT / "numbers.yaml").read_text(encoding="utf-8")


@pytest.fixture
def site(desk: RunningDesk) -> Iterator[RunningDesk]:
    """The desk of a site whose file is the shipped one, in force, without drafts."""
    yield desk
    desk.ahead = timedelta()
    with desk.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM registry_drafts")
    desk.numbers.write_text(SHIPPED, encoding="utf-8")
    registry_history.keep(desk.home, SHIPPED, desk.now(), "test")
    registry_snapshot.keep(desk.home, read(desk.numbers, recorded(ROOT / "recordings")))


@pytest.fixture
def admin(clients: dict[str, DeskClient]) -> DeskClient:
    return clients["admin"]


@pytest.fixture(scope="session")
def second(desk: RunningDesk) -> DeskClient:
    """Another admin."""
    desk.add("second", Role.ADMIN)
    return desk.client("second")


@cache
def place_of(number: str) -> int:
    """The place of a line in the shipped file, which no test of this module moves."""
    return next(
        index
        for index, line in enumerate(yaml.load(SHIPPED, yaml.CSafeLoader)["lines"])
        if str(line["number"]) == number
    )


def edit(client: DeskClient, number: str, key: str, value: Any) -> DeskAnswer:
    edits = [{"do": "set", "path": ["lines", place_of(number), key], "value": value}]
    return client.act("registry.edit", version=version(client), edits=edits)


def version(client: DeskClient) -> int:
    """The version of the own draft; 0 if there is none."""
    user = client.api("GET", "/session").json["me"]["user"]
    return next((draft["version"] for draft in client.api("GET", "/registry").json["open"] if draft["user"] == user), 0)


def test_an_admins_edit_from_the_form_to_the_calls_and_back(site: RunningDesk, admin: DeskClient) -> None:
    misspelt = edit(admin, "12333", "expert", "expert-1233").json["result"]
    problem = misspelt["problems"][0]
    assert problem["path"][-1] == "expert"
    assert "expert-12333" in problem["message"], "the advice names the likely word"
    assert "expert-1233" in misspelt["text"].splitlines()[problem["line"] - 1]
    refused = admin.act("registry.apply", version=version(admin))
    assert refused.code == "problems"
    assert admin.api("GET", "/registry/draft/difference").code == "problems"

    edit(admin, "12333", "expert", "expert-12333")
    edit(admin, "12333", "name", "人社服务热线")
    right = edit(admin, "12393", "into", "12333").json["result"]
    assert right["problems"] == []
    changed = admin.api("GET", "/registry/draft/difference").json
    assert "12393" in changed["rerouted"]
    assert {change["name"] for change in changed["changes"]} == {"12333", "12393"}
    tried = admin.api("GET", "/registry/draft/route?number=12393&at=09:30").json
    assert tried["line"] == "12333"

    applied = admin.act("registry.apply", version=version(admin))
    assert applied.json["result"]["seats"] > 0
    expected = SHIPPED.replace("人力资源和社会保障服务热线", "人社服务热线")
    text_now = site.numbers.read_text(encoding="utf-8")
    assert "人社服务热线" in text_now
    assert [line for line in text_now.splitlines() if "#" in line] == [
        line for line in expected.splitlines() if "#" in line
    ]
    assert site.services.registry.line_name("12333") == "人社服务热线"
    history = admin.api("GET", "/registry/history").json["history"]
    assert history[0]["by"] == "admin"
    assert version(admin) == 0, "the draft is over"

    back = admin.act("registry.roll-back", id=history[1]["id"])
    assert back.json["result"]["files"] == "written"
    assert site.numbers.read_text(encoding="utf-8") == registry_history.current(site.home)
    audited = admin.api("GET", "/audit?words=registry.").json["audit"]
    assert [line["act"] for line in audited[:2]] == ["registry.roll-back", "registry.apply"]


def test_two_admins_edits_are_merged_or_shown_and_never_overwritten(
    site: RunningDesk, admin: DeskClient, second: DeskClient
) -> None:
    edit(admin, "12333", "name", "一")
    edit(second, "12320", "name", "二")
    assert {draft["user"] for draft in admin.api("GET", "/registry").json["open"]} == {"admin", "second"}
    assert second.act("registry.apply", version=version(second)).status == 200
    late = admin.act("registry.apply", version=version(admin))
    assert late.code == "conflict"
    assert "+    name: 二" in late.json["error"]["theirs"]
    assert "+    name: 一" in late.json["error"]["mine"]
    assert admin.act("registry.merge", version=version(admin)).status == 200
    assert admin.act("registry.apply", version=version(admin)).status == 200
    text = site.numbers.read_text(encoding="utf-8")
    assert "name: 一\n" in text
    assert "name: 二\n" in text


def test_the_same_line_changed_by_ssh_is_noticed(site: RunningDesk, admin: DeskClient) -> None:
    edit(admin, "12333", "name", "工作台改的")
    by_ssh = SHIPPED.replace("seat: 15 #", "seat: 16 #")
    line = next(text_line for text_line in SHIPPED.splitlines() if "12333" in SHIPPED and "人力资源" in text_line)
    by_ssh = by_ssh.replace(line, "    name: 命令行改的")
    site.numbers.write_text(by_ssh, encoding="utf-8")
    assert admin.api("GET", "/registry").json["file_differs"]
    conflict = admin.api("GET", "/registry/draft").json["conflict"]
    assert "命令行改的" in conflict["theirs"]
    overlap = admin.act("registry.merge", version=version(admin))
    assert overlap.code == "overlap"
    assert overlap.json["error"]["file"] == by_ssh
    both = by_ssh.replace("命令行改的", "两边商定的")
    put = {"version": version(admin), "text": both, "file": overlap.json["error"]["digest"]}
    assert admin.api("PUT", "/registry/draft", put).status == 200
    assert admin.act("registry.apply", version=version(admin)).status == 200
    assert site.numbers.read_text(encoding="utf-8") == both


def test_an_older_page_does_not_overwrite_a_newer_draft(site: RunningDesk, admin: DeskClient) -> None:
    edit(admin, "12333", "name", "新")
    stale = admin.api("PUT", "/registry/draft", {"version": 0, "text": "lines: []"})
    assert stale.code == "changed"
    broken = admin.api("PUT", "/registry/draft", {"version": version(admin), "text": "lines: [\n# 字" + "字" * 70000})
    assert broken.status == 200
    assert not broken.json["readable"]
    assert broken.json["problems"][0]["line"] == 3
    in_form = admin.act("registry.edit", version=broken.json["version"], edits=[{"do": "remove", "path": ["lines", 0]}])
    assert in_form.code == "invalid"
    assert admin.act("registry.discard", version=broken.json["version"]).status == 200
    assert admin.api("GET", "/registry/draft").json["text"] == SHIPPED


def ended(admin: DeskClient) -> dict[str, Any]:
    """How a planned change ended; the desk's process looks for due changes every two seconds."""
    deadline = time.monotonic() + 30
    while not (over := admin.api("GET", "/registry").json["over"]):
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return dict(over[0])


def texts_of(page: LivePage) -> list[str]:
    return [message["text"] for _at, message in page.messages if message["type"] == "notice"]


def soon(site: RunningDesk) -> str:
    return (site.now() + timedelta(minutes=10)).isoformat()


def comes(site: RunningDesk) -> None:
    """Set the clock to the time of `soon`."""
    site.ahead += timedelta(minutes=11)


def test_a_change_is_put_in_force_at_its_time(site: RunningDesk, admin: DeskClient) -> None:
    edit(admin, "12333", "name", "午夜")
    planned = admin.act("registry.apply", version=version(admin), at=soon(site)).json["result"]
    assert planned["state"] == "planned"
    assert site.services.registry.line_name("12333") != "午夜"
    comes(site)
    over = ended(admin)
    assert (over["state"], over["user"]) == ("applied", "admin")
    assert site.services.registry.line_name("12333") == "午夜"


def test_a_planned_change_that_fails_is_reported_to_the_admin(site: RunningDesk, admin: DeskClient) -> None:
    edit(admin, "12333", "name", "午夜")
    assert admin.act("registry.apply", version=version(admin), at=soon(site)).status == 200
    site.numbers.write_text(SHIPPED + "\n# by ssh\n", encoding="utf-8")
    with admin.live() as page:
        page.begin()
        comes(site)
        assert page.until(lambda: [text for text in texts_of(page) if "numbers.yaml" in text])
    failed = ended(admin)
    assert failed["state"] == "failed"
    assert "numbers.yaml" in failed["result"]
    assert site.numbers.read_text(encoding="utf-8") == SHIPPED + "\n# by ssh\n"


def test_a_planned_change_can_be_withdrawn(site: RunningDesk, admin: DeskClient, second: DeskClient) -> None:
    edit(admin, "12333", "name", "午夜")
    planned = admin.act("registry.apply", version=version(admin), at=soon(site)).json["result"]
    assert version(admin) == 0
    assert second.act("registry.withdraw", id=planned["id"]).status == 200
    assert "午夜" in admin.api("GET", "/registry/draft").json["text"]
    past = (site.now() - timedelta(minutes=1)).isoformat()
    for at in (past, "tomorrow", datetime(2027, 1, 1).isoformat()):
        assert admin.act("registry.apply", version=version(admin), at=at).json["error"]["field"] == "at"


def test_if_the_engine_refuses_draft_and_files_stay_unchanged(site: RunningDesk, admin: DeskClient) -> None:
    edit(admin, "12333", "name", "新")
    site.engine.away = True
    try:
        assert admin.act("registry.apply", version=version(admin)).code == "engine-away"
    finally:
        site.engine.away = False
    assert site.numbers.read_text(encoding="utf-8") == SHIPPED
    assert [path.name for path in site.numbers.parent.glob("*.new")] == []
    assert "新" in admin.api("GET", "/registry/draft").json["text"], "the draft is kept"


def test_hostile_edits_are_refused(site: RunningDesk, admin: DeskClient) -> None:
    first = edit(admin, "12333", "remark", "a: b # c\"'{}[]&*!|>%@`").json["result"]
    assert (
        next(entry for entry in first["sections"]["lines"] if entry["values"]["number"] == "12333")["values"]["remark"]
        == "a: b # c\"'{}[]&*!|>%@`"
    )
    for edits in (
        [{"do": "set", "path": ["lines", 0, "name"], "value": "a\nmode: dual"}],
        [{"do": "set", "path": [{}], "value": "x"}],
        [{"do": "append", "path": ["lines"], "value": None}],
        [{"do": "eval", "path": ["lines"], "value": "x"}],
        [{"do": "set", "path": ["lines", 10**9, "name"], "value": "x"}],
        [],
        "x",
    ):
        assert admin.act("registry.edit", version=version(admin), edits=edits).code == "invalid", edits
