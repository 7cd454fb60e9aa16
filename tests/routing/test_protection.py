"""Rejected callers: the block list, and calls beyond the limits. All other callers are served."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from ivr.registry.model import Blocked, Limits, Place, Registry
from ivr.routing.calendar import CITY_TIME
from ivr.routing.decide import plan
from ivr.routing.plan import Live
from tests.routing.registry import registry
from tests.routing.steps_in_words import story

UNTIL = date(2026, 12, 31)
NOON = datetime(2026, 11, 22, 12, tzinfo=CITY_TIME)


def protected(*blocked: str, caller: int = 3, trunk: int = 120) -> Registry:
    entries = {number: Blocked(number, "骚扰电话", UNTIL, Place("t.yaml", 95, 5)) for number in blocked}
    return replace(registry(), blocked=entries, limits=Limits(caller, trunk))


def happens(to: Registry, caller: str, at: datetime = NOON, **up: int | bool) -> list[str]:
    groups = frozenset(to.groups)
    return story(plan(to, "12369", caller, at, Live(groups, groups, **up)).steps)  # type: ignore[arg-type]


@pytest.mark.parametrize("listed", ["2912345", "07352912345", "867352912345"])
@pytest.mark.parametrize("caller", ["2912345", "07352912345", "+867352912345", "867352912345"])
def test_a_blocked_number_is_rejected_in_every_spelling(listed: str, caller: str) -> None:
    assert happens(protected(listed), caller) == ["say blocked: blocked"]


@pytest.mark.parametrize("caller", ["13900000001", "", "anonymous", "x' OR 1=1"])
def test_no_other_number_is_blocked(caller: str) -> None:
    assert happens(protected("13900000000"), caller)[-1] == "message: fallback"


def test_an_entry_of_the_block_list_ends_on_its_last_day() -> None:
    blocked = protected("13900000000")
    assert happens(blocked, "13900000000", datetime(2026, 12, 31, 23, 59, tzinfo=CITY_TIME)) == ["say blocked: blocked"]
    after = happens(blocked, "13900000000", datetime(2027, 1, 1, 0, 0, tzinfo=CITY_TIME))
    assert after[-1] == "message: fallback"


def test_as_many_calls_as_the_limits_allow_are_served_and_no_further_call() -> None:
    limited = protected(caller=3, trunk=10)
    assert happens(limited, "13900000000", of_caller=3, on_trunk=10)[-1] == "message: fallback"
    assert happens(limited, "13900000000", of_caller=4, on_trunk=10) == ["say lines-busy: caller-limit"]
    assert happens(limited, "13900000000", of_caller=3, on_trunk=11) == ["say lines-busy: trunk-limit"]


def test_a_call_that_comes_back_from_a_center_is_no_new_call() -> None:
    limited = protected(caller=2, trunk=10)
    assert happens(limited, "13900000000", of_caller=3, on_trunk=11, came_back=True)[-1] == "message: fallback"
