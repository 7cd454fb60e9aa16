"""A number is the same number in each form in which a carrier sends it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.registry.model import City
from ivr.registry.trunk_model import NumberForm
from ivr.routing.number_forms import caller_number, caller_rules, outgoing_rules, rewritten

CHENZHOU = City("郴州市", "0735", "86")
BEIJING = City("北京市", "010", "86")


@pytest.mark.parametrize(
    "spelled",
    [
        "13900001111",
        "013900001111",
        "+8613900001111",
        "8613900001111",
        "008613900001111",
        "+86013900001111",
        "0086013900001111",
    ],
)
def test_each_form_of_a_mobile_number_is_one_number(spelled: str) -> None:
    assert caller_number(CHENZHOU, spelled) == "13900001111"


@pytest.mark.parametrize(
    "spelled",
    ["2912345", "07352912345", "+867352912345", "867352912345", "00867352912345", "+8607352912345", "7352912345"],
)
def test_each_form_of_a_number_of_the_city_is_one_number(spelled: str) -> None:
    assert caller_number(CHENZHOU, spelled) == "2912345"


@pytest.mark.parametrize(
    ("spelled", "number"),
    [
        ("+862012345678", "02012345678"),
        ("862012345678", "02012345678"),
        ("02012345678", "02012345678"),
        ("+864008001234", "4008001234"),
        ("+8610086", "10086"),
        ("10086", "10086"),
        ("0014155550100", "+14155550100"),
        ("+14155550100", "+14155550100"),
        ("86123456", "86123456"),
        ("", ""),
    ],
)
def test_other_numbers_are_kept_in_the_form_that_can_be_dialled(spelled: str, number: str) -> None:
    assert caller_number(CHENZHOU, spelled) == number


def test_a_city_of_eight_digits_and_a_short_area_code() -> None:
    for spelled in ("01012345678", "+861012345678", "861012345678"):
        assert caller_number(BEIJING, spelled.replace("1012345678", "1062345678")) == "62345678"


def test_a_converted_number_is_not_changed_by_another_conversion() -> None:
    for spelled in ("13900001111", "2912345", "02012345678", "+14155550100", "10086"):
        assert caller_number(CHENZHOU, caller_number(CHENZHOU, spelled)) == spelled


@pytest.mark.parametrize(
    ("number", "national", "e164"),
    [
        ("2912345", "07352912345", "+867352912345"),
        ("13900001111", "13900001111", "+8613900001111"),
        ("02012345678", "02012345678", "+862012345678"),
        ("12366", "12366", "12366"),
        ("110", "110", "110"),
        ("95598", "95598", "95598"),
    ],
)
def test_a_number_is_sent_in_the_form_of_the_trunk(number: str, national: str, e164: str) -> None:
    assert rewritten(outgoing_rules(CHENZHOU, NumberForm.AS_IS), number) == number
    assert rewritten(outgoing_rules(CHENZHOU, NumberForm.NATIONAL), number) == national
    assert rewritten(outgoing_rules(CHENZHOU, NumberForm.E164), number) == e164


def test_no_two_rules_have_the_same_pattern() -> None:
    patterns = [rule.pattern for rule in caller_rules(CHENZHOU)]
    assert len(set(patterns)) == len(patterns)


def specificity(pattern: str) -> list[int]:
    """Return the count of characters that each part of a pattern matches; Asterisk tries lower counts first."""
    parts = re.findall(r"\[(\d)-(\d)\]|(.)", pattern)
    return [{"X": 10, ".": 11}.get(sign, 1) if sign else int(last) - int(first) + 1 for first, last, sign in parts]


@given(st.from_regex(r"(\+|00)?(86)?0?(735|20|400|1[0-9])?[0-9]{3,10}", fullmatch=True))
def test_the_first_rule_that_matches_a_number_is_the_rule_that_asterisk_takes(number: str) -> None:
    """The dialplan has the same rules without an order, because Asterisk takes the most specific pattern."""
    matching = [rule.pattern for rule in caller_rules(CHENZHOU) if rule.matches(number)]
    assert matching[:1] == sorted(matching, key=specificity)[:1]
