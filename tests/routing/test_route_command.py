"""`ivr route` as an admin types it."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from ivr.cli.plan_text import plan_text, wrapped
from ivr.cli.route import route
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site import registry_history
from testkit.hotline.made_facts import made_facts
from tests.routing.conftest import PROJECT


def ivr_route(*arguments: str) -> Result:
    return CliRunner().invoke(route, arguments)


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def line_of(text: str) -> int:
    """Return the number of the line of numbers.yaml at which the entry with this text begins."""
    lines = (PROJECT / "numbers.yaml").read_text(encoding="utf-8").splitlines()
    return next(count for count, line in enumerate(lines, start=1) if text in line)


def place_of(number: str) -> str:
    """Return the place at which the entry of this number begins."""
    return "numbers.yaml:" + str(line_of(f'number: "{number}"'))


def test_a_merged_number_from_its_notice_to_the_message() -> None:
    shown = ivr_route("+8673512331", "--from", "13800000000", "--at", "2026-03-31T09:30")
    assert shown.exit_code == 0
    head, caller, rings, empty, *steps = shown.output.splitlines()
    assert head == "12331  全国统一食品药品监督举报服务电话  市市场监管局  merged  12331 → 12315"
    assert caller == "caller 13800000000, 2026-03-31T09:30:00+08:00"
    assert rings == "if the caller does nothing, the first phone rings after 3.2 s"
    assert empty == ""
    assert steps[0] == "1  say “该号码已并入12345，通话将被录音。”"
    assert steps[1] == f"   because the number is merged ({place_of('12331')})"
    assert "  ring 市场监管专家座席 for 20 s" in steps[2]
    assert place_of("12315") in steps[3]
    assert [step[0] for step in steps[::2]] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("columns", [40, 60, 80])
@pytest.mark.parametrize("number", ["12345", "12331", "12348", "12366"])
def test_no_text_is_cut_on_a_narrow_terminal(number: str, columns: int) -> None:
    whole = ivr_route(number, "--json").output
    lines = list(plan_text(json.loads(whole), number, columns))
    assert max(map(cell_len, lines)) <= columns
    for step in json.loads(whole)["steps"]:
        for text in (step["text"], step["reason"]):
            assert text.replace(" ", "") in "".join(lines).replace(" ", "")


def test_a_chinese_sentence_is_not_broken_before_its_full_stop() -> None:
    lines = list(wrapped("1  好好好好，好好（好好）好好。", 10, indent=3))
    assert not any(line.strip()[0] in "，）。" for line in lines)
    assert max(map(cell_len, lines)) <= 10


def test_the_menu_is_shown_key_by_key() -> None:
    shown = ivr_route("12345").output
    assert "\nkey 2: 企业服务, the first phone rings 2.3 s later\n1  " in shown
    assert "wait for an agent of 政企通专席, else of 话务座席, topic 企业服务" in shown


def test_the_words_of_the_prompts_are_shown_not_their_names() -> None:
    shown = ivr_route("12369").output
    assert "say “您好，该号码由12345并行接听，通话将被录音。”" in shown


def test_the_output_says_that_a_number_is_not_registered() -> None:
    shown = ivr_route("0735-99999")
    assert shown.exit_code == 0
    assert shown.output.splitlines()[0] == "99999 is not registered"


def test_hostile_text_as_number_is_refused_and_never_reaches_the_terminal() -> None:
    shown = ivr_route("123\x1b[2J")
    assert shown.exit_code == 0
    assert (
        shown.output.splitlines()[0] == r"'123\x1b[2J' is not a number; the call goes the way of an unregistered number"
    )
    assert "\x1b" not in shown.output


def test_json_has_the_plan_for_programs() -> None:
    shown = ivr_route("12333", "--json", "--at", "2026-03-31T09:30:00+00:00")
    data = json.loads(shown.output)
    assert "全国人力资源和社会保障服务电话" in shown.output
    assert (data["line"], data["mode"], data["gap"]) == ("12333", "dual", False)
    assert data["time"] == "2026-03-31T17:30:00+08:00"
    assert [step["do"] for step in data["steps"]] == ["say", "offer-expert", "say", "agents", "message"]


def test_a_time_of_day_means_today() -> None:
    before = datetime.now(CITY_TIME).date()
    data = json.loads(ivr_route("12333", "--json", "--at", "09:30").output)
    assert data["time"] in {f"{day}T09:30:00+08:00" for day in (before, datetime.now(CITY_TIME).date())}


@pytest.mark.parametrize("time", ["9", "25:00", "yesterday", "2026-02-30", ""])
def test_a_wrong_time_is_an_error_of_one_line(time: str) -> None:
    shown = ivr_route("12333", "--at", time)
    assert shown.exit_code == 2
    assert shown.output == f"--at: {time!r} is not a time; write 2026-03-31T09:30, or 09:30 for today\n"


def test_a_broken_registry_is_refused_with_its_problems(tmp_path: Path) -> None:
    broken = tmp_path / "numbers.yaml"
    whole = (PROJECT / "numbers.yaml").read_text(encoding="utf-8")
    broken.write_text(whole.replace("mode: dual", "mode: duel", 1), encoding="utf-8")
    shown = ivr_route("12333", "--numbers", str(broken))
    assert shown.exit_code == 1
    assert shown.output.startswith(f"{broken}:{line_of('mode: dual')}:")


def test_the_error_names_a_missing_registry(tmp_path: Path) -> None:
    shown = ivr_route("12333", "--numbers", str(tmp_path / "none.yaml"))
    assert shown.exit_code == 1
    assert str(tmp_path / "none.yaml") in shown.output


def test_another_registry_file_can_be_named(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    whole = (PROJECT / "numbers.yaml").read_text(encoding="utf-8")
    other.write_text(whole.replace("menu: main", "", 1), encoding="utf-8")
    data = json.loads(ivr_route("12345", "--numbers", str(other), "--json").output)
    assert [step["why"] for step in data["steps"]] == ["hotline", "straight", "fallback"]
    assert data["steps"][0]["at"].startswith(f"{other}:")


def test_the_error_names_a_home_without_a_hotline(tmp_path: Path) -> None:
    shown = ivr_route("12333", "--home", str(tmp_path))
    assert shown.exit_code == 1
    assert shown.output == f"no hotline has run in {tmp_path}\n"


def test_the_option_home_uses_the_registry_in_force_of_that_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    whole = (PROJECT / "numbers.yaml").read_text(encoding="utf-8")
    registry_history.keep(home, whole.replace("menu: main", "", 1), datetime.now(CITY_TIME))
    made_facts(numbers="city.yaml").write(home.hotline)
    data = json.loads(ivr_route("12345", "--home", str(home.root), "--json").output)
    assert [step["why"] for step in data["steps"]] == ["hotline", "straight", "fallback"]
    assert data["steps"][0]["at"] == place_of("12345").replace("numbers", "city")
