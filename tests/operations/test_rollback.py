"""`ivr rollback`: every registry that was in force is kept with its time and user, and can be put in force again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result

from ivr.runtime.layout import Home
from ivr.site import registry_history, staging
from tests.operations.conftest import STARTED, Data, line, text_of

Sent = list[dict[str, Any]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, home: Home, data: Data) -> Sent:
    """The requests to a fake hotline, which keeps each registry a day after the one before."""
    requests: Sent = []

    def ask(home: Home, action: str, **arguments: Any) -> dict[str, int]:
        staged = staging.staged(home, arguments["name"])
        requests.append({"do": action, "text": staged.text, **arguments})
        registry_history.keep(home, staged.text, STARTED + timedelta(days=2), arguments["by"], staged.recordings)
        return {"numbers": 45, "seats": 9}

    monkeypatch.setattr("ivr.control.control_client.ask", ask)
    line(data, "12333")["name"] = "人社热线"
    registry_history.keep(home, text_of(data), STARTED + timedelta(days=1), "li.si")
    return requests


def first(home: Home) -> str:
    return registry_history.history(home)[-1].path.read_text(encoding="utf-8")


def test_the_last_different_registry_is_put_in_force_like_by_a_reload(
    ivr: Callable[..., Result], home: Home, sent: Sent
) -> None:
    result = ivr("rollback")
    assert result.exit_code == 0, result.output
    (request,) = sent
    assert (request["do"], request["text"]) == ("reload", first(home))
    assert request["by"]
    assert "numbers.yaml was not changed, and the next 'ivr reload'" in result.output


def test_a_second_rollback_takes_back_the_first(ivr: Callable[..., Result], home: Home, sent: Sent, data: Data) -> None:
    ivr("rollback")
    ivr("rollback")
    assert [request["text"] for request in sent] == [first(home), text_of(data)]


@pytest.mark.parametrize("moment", ["2026-11-01 08:00", "2026-11-01T08:00:00", "2026-11-02 07:59", "2026-11-01"])
def test_a_time_selects_the_registry_that_was_in_force_then(
    ivr: Callable[..., Result], home: Home, sent: Sent, moment: str
) -> None:
    assert ivr("rollback", "--to", moment).exit_code == 0
    assert sent[0]["text"] == first(home)


def test_a_time_before_the_first_registry_and_a_wrong_time_are_refused(ivr: Callable[..., Result], sent: Sent) -> None:
    for moment in ("2020-01-01 00:00", "2020-01-01"):
        early = ivr("rollback", "--to", moment).output
        refusal = "no registry was in force at that time; the first came into force at 2026-11-01 08:00:00"
        assert early.startswith(refusal)
    assert "'yesterday' is not a time" in ivr("rollback", "--to", "yesterday").output
    assert sent == []


def test_the_list_has_time_and_user_newest_first(ivr: Callable[..., Result], sent: Sent) -> None:
    lines = ivr("rollback", "--list").output.splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [
        ["2026-11-02", "08:00:00", "li.si"],
        ["2026-11-01", "08:00:00", "hotline"],
    ]
    assert sent == []


def test_without_another_registry_a_rollback_is_refused(ivr: Callable[..., Result]) -> None:
    result = ivr("rollback")
    assert result.output == "no other registry was ever in force here; see 'ivr rollback --list'\n"
    assert result.exit_code == 1


def test_control_characters_in_a_user_name_do_not_reach_the_terminal(home: Home) -> None:
    registry_history.keep(home, "", STARTED + timedelta(days=9), "x\x1b[31m\n{}" + "y" * 500)
    version = registry_history.history(home)[0]
    assert version.by == "x??31m???" + "y" * 55
    assert json.loads((version.path.parent / "version.json").read_text(encoding="utf-8")) == {"by": version.by}


def test_a_damaged_note_of_the_user_does_not_lose_the_registry(home: Home) -> None:
    version = registry_history.history(home)[0]
    (version.path.parent / "version.json").write_text("[", encoding="utf-8")
    assert registry_history.history(home)[0] == replace(version, by="")


def test_a_registry_that_was_put_in_force_after_the_clock_was_set_back_is_the_newest(home: Home, data: Data) -> None:
    line(data, "12333")["name"] = "人社热线"
    registry_history.keep(home, text_of(data), STARTED - timedelta(hours=1))
    newest, earlier = registry_history.history(home)
    assert newest.path.read_text(encoding="utf-8") == text_of(data) == registry_history.current(home)
    assert earlier.at == STARTED
