"""Reads the last weeks from the call database, and computes next week's seats from them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from ivr.records.derive.record_parts import Outcome
from ivr.records.store.database import Database
from ivr.records.store.schema import CALLS
from ivr.records.store.seat_rows import seat_events
from ivr.registry.model import Registry
from ivr.reports.seat_times import seat_times
from ivr.routing.calendar import CITY_TIME, city_time
from ivr.staffing.seat_demand import (
    PART,
    WITHIN_S,
    DemandPiece,
    Habits,
    QueuedCall,
    habits_of_calls,
    missing_seats,
    week_demand,
)

WEEKS = 8  # of the past, because older weeks say less about next week


@dataclass(frozen=True, slots=True)
class StaffingPlan:
    """Next week's seats of a group."""

    group: str
    week: date  # its Monday
    past_habits: Habits
    pieces: list[DemandPiece]


def staffing_plan(database: Database, registry: Registry, group: str, now: datetime) -> StaffingPlan:
    """Return the seats that a group needs in the week after ``now``, which is aware.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    today = city_time(now).date()
    monday = today + timedelta(days=7 - today.weekday())
    until = datetime.combine(today, time(), CITY_TIME)  # today is not over
    columns = CALLS.c
    of_group = (columns.queue == group) & (columns.first_offer_at >= until - timedelta(weeks=WEEKS))
    query = select(
        columns.first_offer_at, columns.wait_s, columns.outcome, columns.answered_at, columns.ended_at
    ).where(of_group, columns.first_offer_at < until)
    with database.begin() as connection:
        first_call_at = connection.scalar(select(func.min(columns.started_at)))
        rows = connection.execute(query).all()
    calls = [
        QueuedCall(
            row.first_offer_at, row.wait_s, row.outcome == Outcome.ABANDONED.value,
            (row.ended_at - row.answered_at).total_seconds() if row.answered_at and row.ended_at else None,
        )
        for row in rows
    ]  # fmt: skip
    begin = max(until - timedelta(weeks=WEEKS), _whole_day(first_call_at)) if first_call_at else until
    past_days = [begin.date() + timedelta(days=day) for day in range((until.date() - begin.date()).days)]
    times = seat_times(seat_events(database, begin, until), [], 0, until) if past_days else {}
    signed_in = {seat: seat_times.of_groups.get(group, ()) for seat, seat_times in times.items()}
    past_habits = habits_of_calls(calls, registry.timers.wrapup, len(past_days))
    past_calls = [call for call in calls if call.at >= begin]
    demand = week_demand(monday, past_days, past_calls, signed_in, past_habits, registry)
    return StaffingPlan(group, monday, past_habits, demand)


def staffing_json(plan: StaffingPlan) -> dict[str, Any]:
    """Return a plan in JSON's own types."""
    return {
        "group": plan.group,
        "week": plan.week.isoformat(),
        "part": PART,
        "within_s": WITHIN_S,
        "days_of_records": plan.past_habits.days,
        "handle_s": plan.past_habits.handle_s and round(plan.past_habits.handle_s, 1),
        "patience_s": plan.past_habits.patience_s and round(plan.past_habits.patience_s, 1),
        "half_hours": [
            {
                "at": half_hour.at.isoformat(timespec="minutes"),
                "calls": round(half_hour.calls, 2),
                "days": half_hour.days,
                "erlang_c": half_hour.erlang_c,
                "erlang_a": half_hour.erlang_a,
                "usual": None if half_hour.usual is None else round(half_hour.usual, 2),
                "missing": missing_seats(half_hour),
            }
            for half_hour in plan.pieces
        ],
    }


def _whole_day(first_call_at: datetime) -> datetime:
    """Return the begin of the first day that the records cover completely."""
    return datetime.combine(city_time(first_call_at).date() + timedelta(days=1), time(), CITY_TIME)
