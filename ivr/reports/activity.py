"""The activity report (话务工时报表): calls and times by agent, group, day, week or half hour. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ivr.records.derive.record_parts import Outcome
from ivr.records.store.call_moments import CallMoments
from ivr.reports.seat_times import SeatTimes
from ivr.reports.time_spans import TimeSpans, common_spans, joined_spans, total_seconds
from ivr.routing.calendar import city_time

_PROMISE = timedelta(seconds=15)  # GB/T 33358-2016
_HALF_HOUR = timedelta(minutes=30)


class ActivityRows(StrEnum):
    """The kind of the rows of a report."""

    AGENT = "agent"  # a seat
    GROUP = "group"
    DAY = "day"
    WEEK = "week"  # from Monday
    HALF_HOUR = "half-hour"


_LENGTHS = {
    ActivityRows.DAY: timedelta(days=1), ActivityRows.WEEK: timedelta(days=7), ActivityRows.HALF_HOUR: _HALF_HOUR,
}  # fmt: skip


Cut = Callable[[datetime, datetime, str], Iterator[tuple["Activity", float]]]
"""Cuts a span of a group, "" for any, into rows, each with its part in seconds."""


@dataclass(slots=True)
class Activity:
    """The figures of one row. Times are seconds."""

    key: str  # a seat, a group, or the begin of the row's time in ISO 8601; "" of the total
    offered: int = 0  # calls of citizens
    answered: int = 0
    abandoned: int = 0
    waited: int = 0  # calls that waited for a human
    in_time: int = 0  # the calls of `waited` that were answered within 15 s
    calls: int = 0  # talks of seats, callbacks left out
    callbacks: int = 0
    talk_s: float = 0.0
    hold_s: float = 0.0
    wrap_up_s: float = 0.0
    signed_in_s: float = 0.0
    at_work_s: float = 0.0  # in calls and wrap-up while signed in
    busy_s: dict[str, float] = field(default_factory=dict)  # by reason

    @property
    def handle_s(self) -> float | None:
        """Mean handle time: talk, hold and wrap-up for each call and callback; None without calls."""
        handled = self.calls + self.callbacks
        return (self.talk_s + self.hold_s + self.wrap_up_s) / handled if handled else None

    @property
    def occupancy(self) -> float | None:
        """Share of calls and wrap-up in the time signed in and not busy; None if there is no such time."""
        available = self.signed_in_s - sum(self.busy_s.values())
        return min(self.at_work_s / available, 1.0) if available > 0 else None


def activity(
    rows: ActivityRows,
    seats: Mapping[str, SeatTimes],
    calls: Iterable[CallMoments],
    since: datetime,
    until: datetime,
) -> tuple[list[Activity], Activity]:
    """Return a row for each seat, group or piece of time, and the total.

    Args:
        rows: the kind of the rows.
        seats: the times of each seat.
        calls: the citizens' calls that began in this time; a call in progress is not counted.
        since: aware.
        until: aware; not included.
    """
    rows_by_key: dict[str, Activity] = {}
    for begin, _end in _pieces(rows, since, until):
        rows_by_key[_moment(begin)] = Activity(_moment(begin))
    total = Activity("")
    row = _keyed(rows_by_key)
    for call in calls:
        key = (call.queue or "") if rows is ActivityRows.GROUP else _key_of_moment(rows, call.started_at)
        if call.outcome != Outcome.IN_PROGRESS:
            for activity_row in (row(key), total) if key is not None else (total,):
                _count(activity_row, call)
    for times in seats.values():
        _add(rows, times, row, since, until)
        _add(ActivityRows.AGENT, times, lambda _key: total, since, until)
    return [rows_by_key[key] for key in sorted(rows_by_key)], total


def _keyed(rows_by_key: dict[str, Activity]) -> Callable[[str], Activity]:
    def row(key: str) -> Activity:
        return rows_by_key.setdefault(key, Activity(key))

    return row


def _count(row: Activity, call: CallMoments) -> None:
    row.offered += 1
    row.answered += call.outcome == Outcome.ANSWERED
    row.abandoned += call.outcome == Outcome.ABANDONED
    row.waited += call.first_offer_at is not None
    row.in_time += (
        call.first_offer_at is not None
        and call.answered_at is not None
        and call.answered_at - call.first_offer_at <= _PROMISE
    )


def _add(
    rows: ActivityRows, times: SeatTimes, row: Callable[[str], Activity], since: datetime, until: datetime
) -> None:
    """Add the times of a seat to its rows."""
    by_group = rows is ActivityRows.GROUP

    def cut(begin: datetime, end: datetime, group: str) -> Iterator[tuple[Activity, float]]:
        for key, length in _shares(rows, times.seat, group, max(begin, since), min(end, until)):
            yield row(key), length

    for talk in times.answered:
        if since <= talk.begin < until:
            key = talk.group if by_group else _key_of_moment(rows, talk.begin) or times.seat
            if talk.is_callback:
                row(key).callbacks += 1
            else:
                row(key).calls += 1
    for begin, end, group in times.talks:
        for activity_row, length in cut(begin, end, group):
            activity_row.talk_s += length
    for begin, end, group in times.holds:
        for activity_row, length in cut(begin, end, group):
            activity_row.hold_s += length
    for begin, end, group in times.wrap_ups:
        for activity_row, length in cut(begin, end, group):
            activity_row.wrap_up_s += length
    for group, spans in (times.of_groups if by_group else {"": times.signed_in}).items():
        _add_sign_in(times, spans, group, cut)


def _add_sign_in(times: SeatTimes, spans: TimeSpans, group: str, cut: Cut) -> None:
    for begin, end in spans:
        for activity_row, length in cut(begin, end, group):
            activity_row.signed_in_s += length
    at_work = joined_spans(
        (begin, end)
        for spans_of_kind in (times.talks, times.holds, times.wrap_ups)
        for begin, end, _of in spans_of_kind
    )
    for begin, end in common_spans(spans, at_work):
        for activity_row, length in cut(begin, end, group):
            activity_row.at_work_s += length
    for begin, end, reason in times.busy:
        for busy_span in common_spans([(begin, end)], spans):
            for activity_row, length in cut(*busy_span, group):
                activity_row.busy_s[reason] = activity_row.busy_s.get(reason, 0.0) + length


def _shares(rows: ActivityRows, seat: str, group: str, begin: datetime, end: datetime) -> Iterator[tuple[str, float]]:
    """Yield each row that a span of a seat belongs to, with the seconds of the span in that row."""
    if begin >= end:
        return
    match rows:
        case ActivityRows.AGENT:
            yield seat, total_seconds([(begin, end)])
        case ActivityRows.GROUP:
            yield group, total_seconds([(begin, end)])
        case ActivityRows.DAY | ActivityRows.WEEK | ActivityRows.HALF_HOUR:
            for piece_begin, piece_end in _pieces(rows, begin, end):
                yield _moment(piece_begin), total_seconds([(max(piece_begin, begin), min(piece_end, end))])


def _pieces(rows: ActivityRows, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the begin and end of each day, week or half hour that the time touches; nothing for other kinds of rows."""
    if rows in _LENGTHS:
        begin = _begin(rows, since)
        while begin < until:
            yield begin, begin + _LENGTHS[rows]
            begin += _LENGTHS[rows]


def _begin(rows: ActivityRows, moment: datetime) -> datetime:
    local = city_time(moment)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if rows is ActivityRows.WEEK:
        return midnight - timedelta(days=local.weekday())
    return midnight if rows is ActivityRows.DAY else midnight + (local - midnight) // _HALF_HOUR * _HALF_HOUR


def _key_of_moment(rows: ActivityRows, moment: datetime) -> str | None:
    """Return the row of a moment; None if the rows are agents or groups."""
    return _moment(_begin(rows, moment)) if rows in _LENGTHS else None


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def busy_reasons(rows: Iterable[Activity]) -> list[str]:
    """Return the reasons for which seats were busy in any row, in order."""
    seconds_by_reason: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        for reason, length in row.busy_s.items():
            seconds_by_reason[reason] += length
    return sorted(seconds_by_reason)
