"""Good registries, and the values that are read from them."""

from datetime import date, time
from pathlib import Path

import pytest

from ivr.registry.load import read
from ivr.registry.model import Answers, Mode, Timers
from ivr.registry.prompts import NEEDED

GOOD = Path(__file__).parent / "good"


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_good_registry_has_one_hotline(path: Path) -> None:
    assert read(path, NEEDED).hotline.number == "12345"


def test_the_smallest_registry_has_defaults_for_the_rest() -> None:
    registry = read(GOOD / "small.yaml", NEEDED)
    assert registry.hotline.menu is None
    assert registry.timers == Timers(expert=20, center=25, seat=15, menu=5, message=120, rating=6)
    assert registry.groups["general"].limit == 50
    assert not registry.hours
    assert not registry.holidays


def test_digits_stay_digits_even_without_quotes() -> None:
    registry = read(GOOD / "history.yaml", NEEDED)
    assert (registry.city.area_code, registry.city.country_code) == ("0735", "86")
    assert registry.linkage["9601"].reach == "07352368507"
    assert set(registry.seats) == {"8001", "8315"}


def test_a_number_may_have_a_past_and_a_future_entry() -> None:
    registry = read(GOOD / "history.yaml", NEEDED)
    past_entry = registry.entry("12356", date(2024, 12, 31))
    later_entry = registry.entry("12356", date(2025, 1, 1))
    assert past_entry and past_entry.mode is Mode.MERGED
    assert later_entry and (later_entry.mode, later_entry.reach) == (Mode.SUBCENTER, "073112356")


def test_hours_are_sorted_and_may_last_until_midnight() -> None:
    registry = read(GOOD / "history.yaml", NEEDED)
    assert registry.hours["office"].spans == {0: ((time(8), time(12)), (time(13), time.max))}
    assert registry.holidays == {date(2026, 10, 1): "", date(2026, 10, 2): ""}


def test_phrases_belong_to_their_line() -> None:
    registry = read(GOOD / "phrases.yaml", NEEDED)
    today = date(2026, 1, 1)
    line, menu = registry.entry("12315", today), registry.menus["main"]
    assert line and line.phrases == ("买到假货", "不给退款")
    assert [choice.phrases for choice in menu.choices] == [("转人工",), ("再说一遍", "重听")]
    assert registry.linkage["119"].phrases == ("消防队电话",)
    assert [(unclear.phrases, unclear.lines) for unclear in registry.unclear] == [(("预付卡",), ("12315", "12312"))]
    assert registry.emergencies["119"].phrases == ("着火了",)
    assert registry.emergencies["119"].unless == ("以前",)
    assert registry.answers == Answers(yes=("是", "对"), no=("不是",))


def test_a_phrase_may_move_to_another_line_on_a_day() -> None:
    registry = read(GOOD / "phrases.yaml", NEEDED)
    meant = [(line.number, line.valid_from) for line in registry.lines if "家政服务" in line.phrases]
    assert meant == [("12312", None), ("12349", date(2028, 1, 1))]


def test_a_registry_without_phrases_is_good() -> None:
    registry = read(GOOD / "small.yaml", NEEDED)
    assert not registry.unclear
    assert not registry.emergencies
    assert registry.answers == Answers()
