"""Deadlines count working days from the dispatch on, by the official calendars; each reminder comes once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order_clock import DUE_SOON, ESCALATED, OVERDUE, TO_ACCEPT, acts_due, due_on, is_overdue
from ivr.orders.store import order_store
from ivr.orders.working_days import WorkCalendar
from ivr.records.store.database import Database
from ivr.registry import official_calendar
from ivr.routing.calendar import CITY_TIME
from tests.orders.order_story import HOTLINE, SUPERVISOR, UNIT, OrderStory

OFFICIAL_2026 = Path(__file__).parents[1] / "registry" / "calendar-2026.json"
_DAY = timedelta(days=1)


def days(*ranges: tuple[str, str]) -> frozenset[date]:
    working_days = set()
    for first, last in ranges:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            working_days.add(day)
            day += _DAY
    return frozenset(working_days)


# By 国办发明电〔2023〕7号 for 2024 and 国办发明电〔2024〕12号 for 2025; 2026 is a file for `ivr holidays`.
HOLIDAYS = days(
    ("2024-01-01", "2024-01-01"), ("2024-02-10", "2024-02-17"), ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"), ("2024-06-10", "2024-06-10"), ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"), ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"), ("2025-10-01", "2025-10-08"),
)  # fmt: skip
WORKED = (
    "2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12 "
    "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11"
)


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    of_2026 = official_calendar.parse(OFFICIAL_2026.read_text(encoding="utf-8"))
    worked = {date.fromisoformat(day) for day in WORKED.split()} | of_2026.workdays.keys()
    return WorkCalendar(frozenset(HOLIDAYS | of_2026.holidays.keys()), frozenset(worked))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_three_official_years_is_right(calendar: WorkCalendar, year: int) -> None:
    """`chinese_calendar` is another reading of the same notices."""
    whole = [date(year, 1, 1) + _DAY * count for count in range(366 if year == 2024 else 365)]
    assert not [day for day in whole if calendar.is_working_day(day) != chinese_calendar.is_workday(day)]


@pytest.mark.parametrize(
    ("dispatched", "count", "due"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
        ("2026-02-14", 1, "2026-02-24"),  # over the Spring Festival
        ("2025-09-30", 3, "2025-10-11"),  # 9 and 10 October, and the Saturday
        ("2024-09-13", 5, "2024-09-21"),
        ("2024-12-31", 1, "2025-01-02"),
    ],
)
def test_deadlines_over_holidays(calendar: WorkCalendar, dispatched: str, count: int, due: str) -> None:
    expected = date.fromisoformat(due)
    if due == "2024-09-21":
        expected = date(2024, 9, 23)  # 14, 18, 19, 20 September, then Monday
    assert calendar.after(date.fromisoformat(dispatched), count) == expected
    assert calendar.between(date.fromisoformat(dispatched), expected) == count


def at(day: str, hour: int = 9) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), CITY_TIME) + timedelta(hours=hour)


def test_each_deadline_reminds_once(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory, at("2026-11-23"))  # a Monday
    story.dispatch("help")  # 7 working days
    assert due_on(story.order, directory) == date(2026, 12, 2)
    spoken = []
    for day in range(30):
        now = at("2026-11-23") + _DAY * day
        for act, stage in acts_due(story.order, directory, now):
            story.now = now
            story.act(act, HOTLINE, stage=stage)
            spoken.append((f"{now:%m-%d}", stage))
    assert spoken == [
        ("11-25", TO_ACCEPT), ("12-01", DUE_SOON), ("12-03", OVERDUE), ("12-09", ESCALATED),
        ("12-16", f"{ESCALATED}-2"),
    ]  # fmt: skip
    assert story.order.supervised == 2, "each escalation is one level more"


def test_the_clock_runs_from_the_dispatch_and_not_from_the_acceptance(
    sqlite: Database, directory: OrderDirectory
) -> None:
    story = OrderStory(sqlite, directory, at("2026-11-23")).dispatch("help")
    due_before = due_on(story.order, directory)
    story.now = at("2026-11-30")
    story.act(OrderAct.ACCEPT, UNIT)
    assert due_on(story.order, directory) == due_before
    assert not is_overdue(story.order, directory, at("2026-12-02", 23))
    assert is_overdue(story.order, directory, at("2026-12-03", 0))
    story.act(OrderAct.EXTEND, UNIT, days=2, reason="等检测结果")
    story.act(OrderAct.GRANT_EXTENSION, SUPERVISOR)
    assert due_on(story.order, directory) == date(2026, 12, 4)


def test_a_changed_calendar_changes_what_is_due(database: Database, directory: OrderDirectory) -> None:
    story = OrderStory(database, directory, at("2026-11-23")).dispatch("help")
    holiday = replace(directory, calendar=WorkCalendar(frozenset({date(2026, 11, 26)})))
    with database.begin() as connection:
        assert order_store.renew_due_days(connection, holiday) == 1
        assert order_store.renew_due_days(connection, holiday) == 0
    assert due_on(story.order, holiday) == date(2026, 12, 3)
