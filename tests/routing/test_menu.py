"""The steps of each menu key."""

from dataclasses import replace
from datetime import datetime

import pytest

from ivr.registry.model import GroupKind
from ivr.routing.calendar import CITY_TIME
from ivr.routing.decide import after_menu, plan
from ivr.routing.plan import Live
from tests.routing.registry import ALL_HERE, GROUPS, MENU, group, here, registry
from tests.routing.steps_in_words import story

MORNING = datetime(2025, 6, 3, 10, tzinfo=CITY_TIME)
NIGHT = datetime(2025, 6, 3, 22, tzinfo=CITY_TIME)


def press(key: str | None, live: Live = ALL_HERE, at: datetime = MORNING) -> list[str]:
    whole = registry()
    return story(after_menu(whole, plan(whole, "12345", "", at, live), MENU, key, live))


def test_a_key_of_a_group_waits_for_the_group_with_the_topic() -> None:
    assert press("1") == ["say transferring: menu", "agents general 反映问题: menu", "message: fallback"]
    assert press("2") == ["say transferring: menu", "agents enterprise 企业服务: menu", "message: fallback"]


@pytest.mark.parametrize("key", [None, "", "7", "9", "#", "12", "x"])
def test_silence_failures_and_unknown_keys_reach_an_agent(key: str | None) -> None:
    prompt_steps = (
        [] if key is None else ["say transferring: no-choice"]
    )  # because no prompt delays the ringing for a silent caller
    assert press(key) == [*prompt_steps, "agents general: no-choice", "message: fallback"]


def test_silence_leads_to_the_steps_after_the_menu() -> None:
    assert press(None) == story(plan(registry(), "12345", "", MORNING, ALL_HERE).steps[1:])


def test_star_repeats_the_menu_without_the_opening() -> None:
    assert press("*")[0] == "menu main: menu"
    assert press("*")[1:] == press(None)


def test_a_group_without_a_signed_in_seat_overflows() -> None:
    assert press("2", here("general")) == [
        "say transferring: menu",
        "agents general 企业服务: no-agent",
        "message: fallback",
    ]


def test_a_busy_group_does_not_overflow() -> None:
    assert press("2", here("general", busy=["enterprise"]))[1] == "agents enterprise 企业服务: menu"


def test_without_any_seat_the_caller_leaves_a_message_and_hears_no_promise() -> None:
    assert press("2", here()) == ["message: no-agent"]
    assert press(None, here()) == ["message: no-agent"]


def test_groups_that_overflow_into_each_other_end_at_a_message() -> None:
    circle = registry(
        groups=[
            *(each for each in GROUPS if each.name == "general"),
            group("enterprise", GroupKind.ENTERPRISE, 30, overflow="night"),
            group("night", GroupKind.ENTERPRISE, 34, overflow="enterprise"),
        ]
    )
    decided = plan(circle, "12345", "", MORNING, here("general"))
    assert story(after_menu(circle, decided, MENU, "2", here("general"))) == ["message: no-agent"]


def test_a_key_of_a_dual_line_plays_no_notice_of_the_number_dialled() -> None:
    assert press("3") == [
        "say transferring: menu",
        "expert expert-12333 20s: expert",
        "say expert-away: fallback",
        "agents general needs-expert 社保: fallback",
        "message: fallback",
    ]


def test_a_line_chosen_at_a_menu_keeps_its_hours() -> None:
    assert press("3", at=NIGHT)[1] == "agents general needs-expert 社保: closed"


def test_a_key_of_a_subcenter_line_rings_the_center() -> None:
    assert press("4") == [
        "say center-connecting: subcenter",
        "center 12366 by 07362123366 25s: subcenter",
        "say center-away: fallback",
        "agents general 税务: fallback",
        "message: fallback",
    ]


def test_a_line_merged_into_the_hotline_does_not_ask_the_menu_again() -> None:
    assert press("5") == ["say transferring: menu", "agents general 区长: menu", "message: fallback"]


def test_a_merged_line_follows_its_chain() -> None:
    assert press("6")[:2] == ["say transferring: menu", "expert expert-12315 20s: expert"]


def test_a_key_of_an_ended_line_leads_to_an_agent() -> None:
    whole = registry()
    menu_of_ended_line = replace(MENU, choices=(replace(MENU.choices[2], target="12356"),))
    decided = plan(whole, "12345", "", MORNING, ALL_HERE)
    assert story(after_menu(whole, decided, menu_of_ended_line, "3", ALL_HERE))[1] == "agents general 社保: menu"
