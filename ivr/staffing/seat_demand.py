"""The seats that each half hour of a week needs, beside the seats that are usually signed in. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import NamedTuple

from ivr.registry.model import Registry
from ivr.reports.time_spans import TimeSpans
from ivr.routing.calendar import CITY_TIME, city_time
from ivr.staffing.erlang import seats_needed

PART, WITHIN_S = 0.95, 15.0
"""GB/T 33358-2016: 95 % of calls, within 15 s."""

HALF_HOUR = timedelta(minutes=30)
_OF_DAY = 48
_SUNDAY = 6


class QueuedCall(NamedTuple):
    """A call that waited in a queue."""

    at: datetime  # time of its first offer; aware
    waited_s: float
    gave_up: bool  # the caller hung up while waiting
    handle_s: float | None  # of the talk; None if no seat answered


@dataclass(frozen=True, slots=True)
class Habits:
    """The habits of callers and seats over all days of the records."""

    handle_s: float | None  # mean, wrap-up included; None without answered calls
    patience_s: float | None  # mean; None if no caller gave up
    days: int  # days of records


@dataclass(frozen=True, slots=True)
class DemandPiece:
    """A half hour of the plan."""

    at: datetime  # its begin, in the city
    calls: float  # that are expected
    days: int  # number of earlier half hours in this mean; 0: nothing is known
    erlang_c: int | None  # seats; None if nothing is known
    erlang_a: int | None
    usual: float | None  # seats that are signed in on such days, on average


def day_kind(registry: Registry, day: date) -> int:
    """Return the day of the week that a day resembles, with Monday as 0: a holiday is a Sunday; 调休 as registered."""
    if day in registry.holidays:
        return _SUNDAY
    return registry.workdays.get(day, day.weekday())


def habits_of_calls(calls: Sequence[QueuedCall], wrapup_s: int, days: int) -> Habits:
    """Return the habits that calls show; patience is all time waited over the callers who gave up."""
    handled = [call.handle_s for call in calls if call.handle_s is not None]
    gave_up = sum(call.gave_up for call in calls)
    waited = sum(call.waited_s for call in calls)
    return Habits(
        sum(handled) / len(handled) + wrapup_s if handled else None,
        max(waited / gave_up, 1.0) if gave_up else None,
        days,
    )


def week_demand(
    week: date,
    past_days: Sequence[date],
    calls: Iterable[QueuedCall],
    signed_in: Mapping[str, TimeSpans],
    past_habits: Habits,
    registry: Registry,
) -> list[DemandPiece]:
    """Return the half hours of a week.

    Args:
        week: its Monday.
        past_days: the days that the records cover, each whole.
        calls: of these days.
        signed_in: when each seat was signed in.
        past_habits: of these days.
        registry: for holidays and shifted working days.
    """
    of_kind: defaultdict[int, list[date]] = defaultdict(list)
    for day in past_days:
        of_kind[day_kind(registry, day)].append(day)
    offered = Counter(_place(registry, city_time(call.at)) for call in calls)
    usual = _usual(signed_in, set(past_days), registry)
    half_hours_of_week = []
    for begin in half_hours(week, 7):
        kind, place = day_kind(registry, begin.date()), _place(registry, begin)
        days = len(of_kind[kind])
        expected = offered[place] / days if days else 0.0
        rate = expected / HALF_HOUR.total_seconds()
        seats_by_model: list[int | None] = [None, None]
        if days and (past_habits.handle_s is not None or not expected):
            handle_s = past_habits.handle_s or 1.0
            seats_by_model = [
                seats_needed(rate, handle_s, PART, WITHIN_S, patience) for patience in (None, past_habits.patience_s)
            ]
        usual_seats = usual[place] / days if days else None
        half_hours_of_week.append(DemandPiece(begin, expected, days, seats_by_model[0], seats_by_model[1], usual_seats))
    return half_hours_of_week


def half_hours(first: date, days: int) -> list[datetime]:
    """Return the begins of all half hours of some days, in the city."""
    midnight = datetime.combine(first, time(), CITY_TIME)
    return [midnight + place * HALF_HOUR for place in range(days * _OF_DAY)]


def missing_seats(half_hour: DemandPiece) -> int | None:
    """Return the number of seats that a half hour needs beyond the usual; None if nothing is known."""
    if half_hour.erlang_c is None or half_hour.usual is None:
        return None
    return max(ceil(half_hour.erlang_c - half_hour.usual - 1e-9), 0)


def _place(registry: Registry, moment: datetime) -> tuple[int, int]:
    return day_kind(registry, moment.date()), moment.hour * 2 + moment.minute // 30


def _usual(
    signed_in: Mapping[str, TimeSpans], past_days: set[date], registry: Registry
) -> dict[tuple[int, int], float]:
    """Return the seats that were signed in, summed over the days of each kind."""
    seats: defaultdict[tuple[int, int], float] = defaultdict(float)
    for spans in signed_in.values():
        for begin, end in spans:
            half_hour = city_time(begin)
            half_hour = half_hour.replace(minute=half_hour.minute // 30 * 30, second=0, microsecond=0)
            while half_hour < end:
                if half_hour.date() in past_days:
                    length = min(half_hour + HALF_HOUR, end) - max(half_hour, begin)
                    seats[_place(registry, half_hour)] += length / HALF_HOUR
                half_hour += HALF_HOUR
    return seats
