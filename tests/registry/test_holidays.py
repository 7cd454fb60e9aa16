"""Holidays, make-up working days (调休), and the file of a year's official calendar (国办发明电〔2025〕7号)."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.holidays import holidays
from ivr.registry.load import load
from ivr.registry.model import Registry
from ivr.registry.official_calendar import CalendarError, parse
from ivr.registry.problems import RegistryError
from ivr.registry.prompts import NEEDED

HERE = Path(__file__).parent
SMALL = (HERE / "good" / "small.yaml").read_text(encoding="utf-8")
OFFICIAL = HERE / "calendar-2026.json"


def with_days(text: str) -> Registry:
    return load(SMALL + text, "x.yaml", NEEDED)


def refused(text: str) -> list[str]:
    with pytest.raises(RegistryError) as caught:
        with_days(text)
    return [problem.message for problem in caught.value.problems]


def test_a_range_holds_from_its_first_day_to_its_last_and_has_a_name() -> None:
    registry = with_days("holidays: [2027-01-01, { from: 2027-02-05, until: 2027-02-07, name: 春节 }]\n")
    spring = dict.fromkeys((date(2027, 2, day) for day in (5, 6, 7)), "春节")
    assert registry.holidays == {date(2027, 1, 1): "", **spring}


def test_a_shifted_working_day_has_the_hours_of_monday_or_of_the_named_day() -> None:
    registry = with_days("workdays: [2027-02-14, { from: 2027-02-20, name: 春节, like: fri }]\n")
    assert registry.workdays == {date(2027, 2, 14): 0, date(2027, 2, 20): 4}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("holidays: [2027-01-01]\nworkdays: [2027-01-01]\n",
         "workdays: 2027-01-01 is a holiday by line 10, and cannot be a working day, too"),
        ("holidays: [2027-01-01, { from: 2026-12-31, until: 2027-01-02 }]\n",
         "holidays: 2027-01-01 stands here a second time; the first is on line 10"),
        ("holidays: [{ from: 2027-02-11, until: 2027-02-05 }]\n",
         "until: from 2027-02-11 until 2027-02-05 is not a range of 1 to 31 days"),
        ("holidays: [{ from: 2027-10-01, until: 2028-10-07 }]\n",
         "until: from 2027-10-01 until 2028-10-07 is not a range of 1 to 31 days"),
        ("holidays: [{ until: 2027-10-07 }]\n", "the key 'from' is missing"),
        ("holidays: [{ from: 2027-10-01, like: fri }]\n", "the key 'like' is unknown here"),
        ("workdays: [2027-03-03]\n",
         "workdays: 2027-03-03 is not a day of a weekend, and is a workday without an entry"),
        ("workdays: [{ from: 2027-10-01, like: friday }]\n",
         "like: 'friday' is not a day of the week; did you mean 'fri'?"),
    ],
)  # fmt: skip
def test_each_fault_of_a_holiday_is_named(text: str, message: str) -> None:
    assert any(problem.startswith(message) for problem in refused(text)), refused(text)


def test_the_official_calendar_becomes_sections_that_the_registry_reads() -> None:
    result = CliRunner().invoke(holidays, [str(OFFICIAL)])
    assert result.exit_code == 0
    assert "  - { from: 2026-02-15, until: 2026-02-23, name: 春节 }" in result.output.splitlines()
    assert "  - { from: 2026-10-10, name: 国庆节 }" in result.output.splitlines()
    registry = with_days(result.output)
    assert len(registry.holidays) == 33
    assert registry.holidays[date(2026, 10, 7)] == "国庆节"
    assert sorted(registry.workdays) == [
        date(2026, month, day) for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"year": 2027}',
        '{"year": 2027, "days": [{"date": "2027-1-1"}]}',
        '{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": "false"}]}',
    ],
)
def test_a_file_that_is_no_calendar_is_refused_with_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(CalendarError):
        parse(text)
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(holidays, [str(tmp_path / "x.json")])
    assert result.exit_code == 1
    assert result.output.startswith(f"{tmp_path / 'x.json'}: this is not a calendar of the form {{")
