"""Next week's seats follow from the same weekday of the weeks before, holidays as Sundays, beside usual sign-ins."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ivr.records.derive.record_parts import Outcome
from ivr.records.derive.seat_events import SeatEvent, SeatEventKind
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLS
from ivr.records.store.seat_rows import put
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.staffing.seat_demand import DemandPiece, QueuedCall, habits_of_calls, missing_seats, week_demand
from ivr.staffing.staffing_reading import staffing_plan
from tests.reports.made import call as made_call

ROOT = Path(__file__).parents[2]
WEEK = date(2026, 11, 30)  # a Monday
PAST = [date(2026, 11, 2) + timedelta(days=day) for day in range(28)]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))


def queued(day: date, hour: int, count: int, **more: object) -> Iterator[QueuedCall]:
    for second in range(count):
        entered = datetime(day.year, day.month, day.day, hour, second // 60, second % 60, tzinfo=CITY_TIME)
        yield QueuedCall(entered, **{"waited_s": 10.0, "gave_up": False, "handle_s": 150.0, **more})  # type: ignore[arg-type]


def piece(pieces: list[DemandPiece], day: date, hour: int) -> DemandPiece:
    return next(row for row in pieces if (row.at.date(), row.at.hour, row.at.minute) == (day, hour, 0))


def mondays() -> list[QueuedCall]:
    """Return a hundred calls in half an hour, each Monday at nine."""
    return [row for day in PAST if day.weekday() == 0 for row in queued(day, 9, 100)]


def test_a_monday_needs_the_seats_of_earlier_mondays(registry: Registry) -> None:
    calls, begin = mondays(), datetime(2026, 11, 2, 9, tzinfo=CITY_TIME)
    signed_in = {"8001": [(begin, begin + timedelta(hours=3))], "8002": [(begin, begin + timedelta(minutes=15))]}
    demand = week_demand(WEEK, PAST, calls, signed_in, habits_of_calls(calls, 30, 28), registry)
    assert len(demand) == 7 * 48
    monday = piece(demand, WEEK, 9)
    # 100 calls of 180 s in half an hour are 10 erlangs; published tables give 16 seats for 95 % within 15 s.
    assert (monday.calls, monday.days, monday.erlang_c, monday.erlang_a) == (100.0, 4, 16, 16)
    assert monday.usual == (1 + 0.5) / 4
    assert missing_seats(monday) == 16
    tuesday = piece(demand, WEEK + timedelta(days=1), 9)
    assert (tuesday.calls, tuesday.erlang_c, tuesday.usual, missing_seats(tuesday)) == (0.0, 0, 0.0, 0)


def test_a_holiday_is_like_a_sunday_and_a_shifted_working_day_like_the_day_it_stands_for(registry: Registry) -> None:
    saturday = WEEK + timedelta(days=5)
    shifted = replace(registry, holidays={WEEK: "春节"}, workdays={saturday: 0})
    demand = week_demand(WEEK, PAST, mondays(), {}, habits_of_calls(mondays(), 0, 28), shifted)
    assert piece(demand, WEEK, 9).calls == 0.0
    assert piece(demand, saturday, 9).calls == 100.0
    one_was_a_holiday = replace(registry, holidays={PAST[0]: "节日"})
    assert (
        piece(week_demand(WEEK, PAST, mondays()[100:], {}, habits_of_calls([], 0, 28), one_was_a_holiday), WEEK, 9).days
        == 3
    )


def test_patience_is_all_waiting_time_divided_by_the_number_of_callers_who_gave_up() -> None:
    calls = [*queued(WEEK, 9, 9, waited_s=10.0), *queued(WEEK, 9, 1, waited_s=30.0, gave_up=True, handle_s=None)]
    habits = habits_of_calls(calls, 30, 1)
    assert (habits.handle_s, habits.patience_s) == (180.0, 120.0)
    assert habits_of_calls([], 30, 0).handle_s is None
    assert habits_of_calls(calls[:9], 30, 1).patience_s is None


def test_without_records_no_seats_are_computed(registry: Registry) -> None:
    demand = week_demand(WEEK, [], [], {}, habits_of_calls([], 0, 0), registry)
    assert {(row.days, row.erlang_c, row.erlang_a, row.usual, missing_seats(row)) for row in demand} == {
        (0, None, None, None, None)
    }


def test_a_plan_comes_from_the_records(tmp_path: Path, registry: Registry) -> None:
    database = Database(f"sqlite:///{tmp_path}/calls.sqlite3")
    database.migrate()
    records = [
        replace(made_call(f"2026-11-16T09:05:{second:02}", queued=10), call_id=f"made-{second}") for second in range(30)
    ]
    early = replace(made_call("2026-11-10T23:00", Outcome.ABANDONED, queued=60), call_id="early")
    signed_in = [
        SeatEvent(datetime(2026, 11, 16, hour, tzinfo=UTC), "8001", kind, "general", "")
        for hour, kind in ((0, SeatEventKind.SIGNED_IN), (4, SeatEventKind.SIGNED_OUT))
    ]
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record) for record in (early, *records)])
        put(connection, [(str(place), event) for place, event in enumerate(signed_in)])
    plan = staffing_plan(database, registry, "general", datetime(2026, 11, 19, 12, tzinfo=CITY_TIME))
    assert (plan.week, plan.past_habits.days) == (date(2026, 11, 23), 8)
    monday = piece(plan.pieces, plan.week, 9)
    assert (monday.calls, monday.days, monday.usual) == (30.0, 1, 1.0)
    assert monday.erlang_c is not None
    assert plan.past_habits.patience_s == (30 * 10 + 60) / 1
    assert piece(plan.pieces, date(2026, 11, 28), 9).days == 1
    database.close()
