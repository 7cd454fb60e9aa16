"""The rule of callbacks, which prevents toll fraud: numbers and hours."""

from dataclasses import replace
from datetime import datetime

import pytest

from ivr.registry.field_types import RefusedError, number_pattern
from ivr.registry.model import Callbacks, Registry
from ivr.routing.calendar import CITY_TIME
from ivr.routing.callback import may_ring_now, number_to_ring


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        ("13800000001", "13800000001"),
        ("+8613800000001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("7654321", "7654321"),
        ("07357654321", "07357654321"),
        ("+867357654321", ""),  # 735… without its zero is no number that can be dialled
        ("01088886666", "01088886666"),
        ("051288886666", "051288886666"),
    ],
)
def test_chinese_numbers_are_dialled_in_their_national_form(chenzhou: Registry, caller: str, number: str) -> None:
    assert number_to_ring(chenzhou, caller) == number


@pytest.mark.parametrize(
    "caller",
    [
        "", "anonymous", "0073512345678", "+4915112345678", "008521234567", "16812345", "1601234567", "95588", "12345",
        "2912345", "8001", "110", "4008001234", "8008001234", "96119", "1380000000", "138000000011", "12800000001",
        "13800000001&PJSIP/evil", "13800000001,60,A", "1380000000*", "+", "0", "00", "9" * 20, "０" * 11, "٠" * 11,
    ],
)  # fmt: skip
def test_no_other_number_is_dialled(chenzhou: Registry, caller: str) -> None:
    assert number_to_ring(chenzhou, caller) == ""


@pytest.mark.parametrize(
    ("at", "may"), [("07:59", False), ("08:00", True), ("20:59", True), ("21:00", False), ("03:00", False)]
)
def test_no_citizen_is_called_at_night(chenzhou: Registry, at: str, may: bool) -> None:
    assert may_ring_now(chenzhou, datetime.fromisoformat(f"2026-11-22T{at}").replace(tzinfo=CITY_TIME)) is may


def test_a_city_may_change_the_hours_of_callbacks(chenzhou: Registry) -> None:
    registry = replace(chenzhou, callbacks=Callbacks(patterns=("1380000XXXX",)))
    assert number_to_ring(registry, "13800001234") == "13800001234"
    assert number_to_ring(registry, "13900001234") == ""


@pytest.mark.parametrize(
    "pattern", ["00XXXXXXXX", "XXXXXXXXXX", "[0-9]0XXXXXXXX", "0XXXXXXXXX", "123456", "1.*", "1" * 13]
)
def test_a_pattern_that_leads_abroad_or_is_malformed_is_refused(pattern: str) -> None:
    with pytest.raises(RefusedError):
        number_pattern(pattern)


@pytest.mark.parametrize("pattern", Callbacks().patterns)
def test_without_its_rule_each_refused_number_would_be_dialled(pattern: str) -> None:
    assert number_pattern(pattern) == pattern
