"""The plan of each number of 郴政办发〔2021〕22号 by the shipped registry, in every spelling."""

import pytest

from ivr.registry.model import Registry
from ivr.routing.decide import plan
from ivr.routing.explain import everybody
from ivr.routing.plan import Live
from tests.routing.numbers_by_mode import ALL, CENTERS, DUAL, EXPERT, NIGHT_OF_A_HOLIDAY, TO_12315, TO_12345
from tests.routing.steps_in_words import story

MENU_THEN_HUMAN = ["agents general: no-choice", "message: fallback"]
SPELLINGS = ["{}", "0735{}", "+86735{}", "86735{}", "0086735{}", "+860735{}", "+86{}"]


def plan_in_words(registry: Registry, dialled: str, live: Live | None = None) -> list[str]:
    return story(plan(registry, dialled, "13800000000", NIGHT_OF_A_HOLIDAY, live or everybody(registry)).steps)


def without(registry: Registry, *groups: str) -> Live:
    staffed = frozenset(registry.groups) - set(groups)
    return Live(staffed, staffed)


def test_the_registry_has_all_numbers_of_the_plan(chenzhou: Registry) -> None:
    assert sorted(ALL) == sorted(line.number for line in chenzhou.lines)
    assert len(ALL) == 45


@pytest.mark.parametrize("number", ALL)
def test_every_spelling_of_a_number_has_the_plan_of_the_number(chenzhou: Registry, number: str) -> None:
    whole = plan_in_words(chenzhou, number)
    for spelling in SPELLINGS:
        decided = plan(chenzhou, spelling.format(number), "", NIGHT_OF_A_HOLIDAY, everybody(chenzhou))
        assert (decided.dialled, decided.gap) == (number, False), spelling
        assert story(decided.steps) == whole, spelling


def test_12345_has_its_menu(chenzhou: Registry) -> None:
    assert plan_in_words(chenzhou, "12345") == ["menu main opening: hotline", *MENU_THEN_HUMAN]


@pytest.mark.parametrize("number", TO_12345)
def test_a_number_merged_into_12345_has_one_notice_and_then_12345(chenzhou: Registry, number: str) -> None:
    assert plan_in_words(chenzhou, number) == ["menu main merged-recorded: merged", *MENU_THEN_HUMAN]


@pytest.mark.parametrize("number", TO_12315)
def test_a_number_merged_into_12315_has_one_notice_and_then_12315(chenzhou: Registry, number: str) -> None:
    assert plan_in_words(chenzhou, number) == ["say merged-recorded: merged", *plan_in_words(chenzhou, "12315")[1:]]
    assert plan_in_words(chenzhou, number)[1] == "expert expert-12315 20s: expert"


@pytest.mark.parametrize("number", DUAL)
def test_a_dual_number_goes_to_the_agents(chenzhou: Registry, number: str) -> None:
    assert plan_in_words(chenzhou, number) == [
        "say dual-recorded: dual",
        "agents general: dual",
        "message: fallback",
    ]


@pytest.mark.parametrize("number", EXPERT)
def test_a_dual_number_with_an_expert_rings_the_expert_first(chenzhou: Registry, number: str) -> None:
    notice = "say dual-recorded: dual"
    agents = ["agents general needs-expert: fallback", "message: fallback"]
    assert plan_in_words(chenzhou, number) == [
        notice,
        f"expert expert-{number} 20s: expert",
        "say expert-away: fallback",
        *agents,
    ]
    absent = without(chenzhou, f"expert-{number}")
    assert plan_in_words(chenzhou, number, absent) == [
        notice,
        "agents general needs-expert: expert-away",
        "message: fallback",
    ]


@pytest.mark.parametrize("number", CENTERS)
def test_a_subcenter_number_rings_its_center(chenzhou: Registry, number: str) -> None:
    assert plan_in_words(chenzhou, number) == [
        "say center-connecting: subcenter",
        f"center {number} by {number} 25s: subcenter",
        "say center-away: fallback",
        "agents general: fallback",
        "message: fallback",
    ]


@pytest.mark.parametrize("number", ALL)
def test_a_call_that_came_back_from_a_center_goes_to_the_agents(chenzhou: Registry, number: str) -> None:
    groups = frozenset(chenzhou.groups)
    steps = plan_in_words(chenzhou, number, Live(groups, groups, came_back=True))
    assert [step.replace(" needs-expert", "") for step in steps] == ["agents general: came-back", "message: fallback"]


@pytest.mark.parametrize("number", ALL)
def test_without_signed_in_seats_every_number_takes_a_message(chenzhou: Registry, number: str) -> None:
    assert plan_in_words(chenzhou, number, Live(frozenset(), frozenset()))[-1] == "message: no-agent"
