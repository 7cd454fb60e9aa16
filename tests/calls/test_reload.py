"""``ivr reload``: new calls follow the new registry, and calls in progress do not change."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from testkit.hotline.desk import talk
from testkit.hotline.heard_prompts import has_heard, prompts_heard
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import ROOT, RunningHotline, run_ivr
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SOUND, Carrier, Phones

pytestmark = pytest.mark.reloaded_hotline


@pytest.fixture
def numbers() -> dict[str, Any]:
    return quick_registry()


@pytest.fixture(autouse=True)
def _forgets_recordings(hotline: RunningHotline) -> Iterator[None]:
    """Delete the recordings that a test put beside the registry."""
    yield
    shutil.rmtree(hotline.numbers.parent / "recordings", ignore_errors=True)


def changed() -> dict[str, Any]:
    """Return a registry with 12369 merged instead of dual, another number and seat, and another menu."""
    shipped = quick_registry()
    lines = [{**line, "mode": "merged"} if line["number"] == "12369" else line for line in shipped["lines"]]
    lines.append({"number": "12999", "name": "新号码", "unit": "市政府办公室", "mode": "merged"})
    seat = {"number": "8050", "name": "新座席", "groups": ["general"]}
    menu = shipped["menus"]["main"]
    keys = [{**key, "key": "4"} if key["key"] == "1" else key for key in menu["keys"]]
    return {
        **shipped,
        "lines": lines,
        "seats": [*shipped["seats"], seat],
        "menus": {**shipped["menus"], "main": {**menu, "keys": keys}},
    }


def test_new_calls_follow_the_new_registry_and_calls_in_progress_go_on(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    first_citizen = carrier.call("12345", "13800000001", name="first citizen")
    phones.until(lambda: first_citizen.connected and first_citizen.hears(SOUND), 10, "the opening begins")
    first_citizen.keys("1")
    phones.until(lambda: agent.ringing, 10, "the agent's phone rings")
    agent.answer()
    talk(phones, first_citizen, agent)
    seconds_before = first_citizen.heard.seconds

    hotline.write_numbers(changed())
    result = hotline.ivr("reload")
    assert result.returncode == 0
    assert result.stdout == "the registry is in force; numbers: 46, seats: 36\n"
    untold, strange = result.stderr.splitlines()
    assert "callers do not hear of these keys: 4;" in untold
    assert "callers hear of keys that the menu does not have: 1;" in strange

    new_seat = seat("8050", name="new seat")
    dual, new, menu = (
        carrier.call(number, f"1380000000{n}", name=number) for n, number in enumerate(("12369", "12999", "12345"), 2)
    )
    phones.until(lambda: menu.connected and menu.hears(SOUND), 10, "the opening begins")
    menu.keys("4")
    phones.until(lambda: new_seat.ringing, 10, "the new seat's phone rings")
    assert new_seat.call.shown.endswith("反映问题")
    for caller in (dual, new):
        phones.until(
            lambda caller=caller: has_heard(caller, "merged-recorded"), 10, "a merged number's notice is heard"
        )
    heard = {
        span.parties for span in first_citizen.heard.timeline(seconds_before) if span.seconds > 1
    }  # a busy machine's sound has gaps
    assert heard == {"agent"}, first_citizen.heard.story(seconds_before)
    assert agent.hears_only(first_citizen)


def test_a_refused_reload_changes_nothing_for_callers(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    broken = changed()
    broken["lines"][-1]["mode"] = "mergd"
    broken["seats"][-1]["groups"] = ["generl"]
    hotline.write_numbers(broken)
    checked = run_ivr("check", str(hotline.numbers))
    result = hotline.ivr("reload")
    assert result.returncode == 1
    *problems, last = result.stderr.splitlines()
    assert problems == checked.stdout.splitlines()[:-1]
    assert re.fullmatch(
        r"nothing was changed; the registry that came into force at 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d stays in force",
        last,
    )
    assert "'mergd' is not a mode; did you mean 'merged'?" in result.stderr
    assert not result.stdout
    assert "8050" not in [row["seat"] for row in hotline.ask("seats")]
    missing = hotline.ivr("reload", "--numbers", "/nowhere/numbers.yaml")
    assert missing.returncode == 1
    assert missing.stderr.startswith("/nowhere/numbers.yaml:1:1: there is no such file\nnothing was changed; ")
    _is_refused_in_the_language_of_the_admin_not_of_the_engine(hotline)
    hotline.write_numbers(quick_registry())
    _a_recording_that_asterisk_cannot_play_is_refused(hotline)
    unknown, known_number = carrier.call("12999"), carrier.call("12345", "13800000002")
    phones.until(
        lambda: has_heard(unknown, "unregistered"),
        10,
        "the caller hears that the old registry does not have the number",
    )
    phones.until(lambda: has_heard(known_number, "opening"), 20, "the shipped opening is heard")


def _is_refused_in_the_language_of_the_admin_not_of_the_engine(hotline: RunningHotline) -> None:
    hotline.numbers.write_text("city: {}\n", encoding="utf-8")
    chinese = run_ivr("reload", "--home", str(hotline.home), LANGUAGE="zh_CN").stderr
    english = run_ivr("reload", "--home", str(hotline.home)).stderr
    assert "缺少键 'lines'" in chinese
    assert "继续有效" in chinese
    assert "the key 'lines' is missing" in english


def test_a_recording_reaches_callers_with_a_reload_and_leaves_them_with_a_rollback(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    def hears(caller: str, prompt: str) -> None:
        citizen = carrier.call("12345", caller)
        phones.until(lambda: has_heard(citizen, prompt), 20, f"{prompt} is heard")
        assert ("opening" in prompts_heard(citizen)) is (prompt == "opening")
        citizen.hang_up()

    own_recordings = hotline.numbers.parent / "recordings" / "zh"
    own_recordings.mkdir(parents=True)
    shutil.copy(ROOT / "recordings" / "zh" / "blocked.wav", own_recordings / "opening.wav")
    hears("13800000001", "opening")
    difference = hotline.ivr("diff", str(hotline.numbers))
    assert (difference.returncode, difference.stdout) == (
        3,
        "callers would hear another recording: opening\nevery call would go the way it goes now\n",
    )
    assert hotline.ivr("reload").returncode == 0
    hears("13800000002", "blocked")
    (own_recordings / "opening.wav").unlink()
    hears("13800000003", "blocked")
    rollback = hotline.ivr("rollback")
    assert rollback.returncode == 0, rollback.stderr
    assert "recordings is as it was" not in rollback.stdout, (
        "the folder is not empty, as it was before the first recording"
    )
    hears("13800000004", "opening")


def _a_recording_that_asterisk_cannot_play_is_refused(hotline: RunningHotline) -> None:
    own_recordings = hotline.numbers.parent / "recordings" / "zh"
    own_recordings.mkdir(parents=True)
    (own_recordings / "opening.wav").write_bytes(b"ID3 this is no WAV file")
    result = hotline.ivr("reload")
    assert result.returncode == 1
    assert f"{own_recordings / 'opening.wav'}: is no PCM WAV file" in result.stderr


def test_a_reload_changes_the_queues_of_a_signed_in_seat_but_neither_its_pause_nor_its_call(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """A group is renamed; a seat changes its group, a seat is removed during a call, and a seat is busy by `*82`."""
    moves, removed, busy = (seat(number) for number in ("8001", "8002", "8003"))
    pause = busy.dial("*822")
    phones.until(lambda: pause.ended, 10, "the seat is busy")
    citizen = carrier.call("12369")
    phones.until(lambda: moves.ringing or removed.ringing, 20, "a phone rings")
    if moves.ringing:
        moves, removed = removed, moves
    removed.answer()
    talk(phones, citizen, removed)
    shipped = quick_registry()
    groups = {("pool" if name == "general" else name): group for name, group in shipped["groups"].items()}
    renamed_groups = {
        name: {**group, **({"overflow": "pool"} if "overflow" in group else {})} for name, group in groups.items()
    }
    menu = shipped["menus"]["main"]
    renamed = {"general": "pool"}
    keys = [
        {name: renamed.get(value, value) for name, value in key.items() if name != "phrases"} for key in menu["keys"]
    ]
    seats = [{**row, "groups": [renamed.get(group, group) for group in row["groups"]]} for row in shipped["seats"]]
    seats = [{**row, "groups": ["enterprise"]} if row["number"] == moves.user else row for row in seats]
    seats = [row for row in seats if row["number"] != removed.user]
    hotline.write_numbers(
        {
            **shipped,
            "groups": renamed_groups,
            "seats": seats,
            "menus": {"main": {**menu, "human": "pool", "keys": keys}},
        }
    )
    result = hotline.ivr("reload")
    assert result.returncode == 0, result.stderr
    signed_in_seats = {row["seat"]: row for row in hotline.ask("status")["seats"] if row["signed_in"]}
    assert {number: (row["groups"], row["state"]) for number, row in signed_in_seats.items()} == {
        moves.user: (["enterprise"], "ready"),
        busy.user: (["pool"], "busy"),
    }
    assert signed_in_seats[busy.user]["reason"] == "meal"
    queues = {row["group"]: row["signed_in"] for row in hotline.ask("status")["queues"]}
    assert (queues["pool"], queues["enterprise"]) == (1, 1)
    talk(phones, citizen, removed)
    citizen.hang_up()
