import pytest

from ivr.registry.model import City
from ivr.routing.spelling import caller_id, registered_form

CHENZHOU = City("郴州", "0735", "86")
KNOWN = {"12345", "12333", "96119", "2912345", "8612345", "7351234", "86735123"}


@pytest.mark.parametrize(
    "dialled",
    [
        "2912345",
        "07352912345",
        "7352912345",
        "867352912345",
        "8607352912345",
        "+867352912345",
        "+8607352912345",
        "00867352912345",
        "+86 735 291-2345",
        "+86(735)2912345",
        "0735-2912345",
        "0735.291.2345",
        "+86\u00a0735\u00a02912345",
        "0735\u20112912345",
        "２９１２３４５",
        "＋８６（０７３５）２９１２３４５",
        "+2912345",
        "862912345",
    ],
)
def test_every_spelling_of_a_county_line_is_that_line(dialled: str) -> None:
    assert registered_form(CHENZHOU, KNOWN, dialled) == "2912345"


@pytest.mark.parametrize(
    "dialled",
    ["12333", "073512333", "73512333", "8673512333", "+8673512333", "+8612333", "008612333", "+12333", "86073512333"],
)
def test_every_spelling_of_a_short_number_is_that_number(dialled: str) -> None:
    assert registered_form(CHENZHOU, KNOWN, dialled) == "12333"


@pytest.mark.parametrize(
    ("dialled", "means"),
    [
        ("8612345", "8612345"),  # a local number of 7 digits, like 8412345 and 8812345
        ("07358612345", "8612345"),
        ("+867358612345", "8612345"),
        ("8673586 12345", "8612345"),
        ("+8612345", "12345"),  # the plus marks 86 as the country code
        ("008612345", "12345"),
        ("8612333", "8612333"),  # a local number that is not registered, so a gap and not 12333
        ("7351234", "7351234"),  # a local number that begins like the area code
        ("07357351234", "7351234"),
        ("86735123", "86735123"),  # a local number that begins like both codes
    ],
)
def test_a_local_number_that_begins_like_a_code_keeps_its_beginning(dialled: str, means: str) -> None:
    assert registered_form(CHENZHOU, KNOWN, dialled) == means


@pytest.mark.parametrize(
    ("dialled", "means"),
    [
        ("07352999999", "2999999"),
        ("+867352999999", "2999999"),
        ("2999999", "2999999"),
        ("7359999", "7359999"),  # 7 digits are a local number in any case
        ("+8673599999", "99999"),
        ("0731 12345", "073112345"),  # another city's hotline
        ("+8613800000000", "13800000000"),
        ("+12125550100", "12125550100"),
        ("0735", "0735"),
        ("+86", "86"),
        ("86", "86"),
        ("0086", "0086"),
        ("0", "0"),
    ],
)
def test_an_unregistered_number_is_shown_in_its_shortest_certain_form(dialled: str, means: str) -> None:
    assert registered_form(CHENZHOU, KNOWN, dialled) == means


@pytest.mark.parametrize(
    "dialled",
    [
        "",
        "+",
        "++8612345",
        "12345+",
        "s",
        "12345&PJSIP/9011",
        "12345;phone-context=x",
        "12345@evil",
        "${EXTEN}",
        "12345,1",
        '12345"',
        "12345\r\nHANGUP",
        "12345\n",
        "12345\x00",
        "*81",
        "12345#",
        "１２３４５；",
        "١٢٣٤٥",  # Arabic-Indic digits
        "①②③④⑤",
        "1²345",
        "1" * 21,
        "1 " * 33,
        "12345" + " " * 60,
        "-" * 100_000,
    ],
)
def test_a_text_that_is_no_number_becomes_empty(dialled: str) -> None:
    assert registered_form(CHENZHOU, KNOWN, dialled) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800000000", "13800000000"),
        ("+8613800000000", "+8613800000000"),
        ("0735-2368507", "07352368507"),
        ("＋８６ 138 0000 0000", "+8613800000000"),
        ("1" * 20, "1" * 20),
        ("", ""),
        ("anonymous", ""),
        ("Restricted", ""),
        ("+", ""),
        ("1" * 21, ""),
        ('"张三" <13800000000>', ""),
        ("13800000000|System(x)", ""),
    ],
)
def test_a_caller_is_digits_or_withheld(text: str, number: str) -> None:
    assert caller_id(text) == number


def test_another_city_has_other_codes() -> None:
    beijing = City("北京", "010", "86")
    assert registered_form(beijing, {"12345"}, "01012345") == "12345"
    assert registered_form(beijing, {"12345"}, "+861012345") == "12345"
    assert registered_form(beijing, {"12345"}, "073512345") == "073512345"
