"""The times of each seat (座席工时): in talks, on hold, in wrap-up, busy, signed in. Pure.

A seat is in one state at a time. If an agent presses busy during a call, the seat is in the call, then in wrap-up, then
busy.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from ivr.records.derive.seat_events import SeatEvent, SeatEventKind
from ivr.records.store.seat_rows import SeatTalk
from ivr.reports.time_spans import TimeSpans, common_spans, joined_spans, spans_without

WRAP_UP_REASON = "wrap-up:"
"""How the reason of a pause begins by which an agent asked for more wrap-up (`ivr.engine.wrap_up`)."""


@dataclass(slots=True)
class SeatTimes:
    """The times of one seat; a time is in one of talk, hold, wrap-up, busy, or in none."""

    seat: str
    talks: list[tuple[datetime, datetime, str]] = field(default_factory=list)  # with the group; hold is left out
    holds: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    wrap_ups: list[tuple[datetime, datetime, str]] = field(default_factory=list)
    busy: list[tuple[datetime, datetime, str]] = field(default_factory=list)  # with the reason, "" if none was given
    signed_in: TimeSpans = ()  # of any group
    of_groups: dict[str, TimeSpans] = field(default_factory=dict)  # signed in, by group
    answered: list[SeatTalk] = field(default_factory=list)


def seat_times(
    events: Iterable[SeatEvent], talks: Iterable[SeatTalk], wrapup_s: int, until: datetime
) -> dict[str, SeatTimes]:
    """Return the times of each seat, up to ``until``.

    Args:
        events: of all seats, in order.
        talks: of all seats, in order of their begin.
        wrapup_s: seconds of wrap-up that Asterisk gives after a call from a queue.
        until: aware; a state that lasts at this time is counted up to it.
    """
    events_by_seat: defaultdict[str, list[SeatEvent]] = defaultdict(list)
    for event in events:
        events_by_seat[event.seat].append(event)
    talks_by_seat: defaultdict[str, list[SeatTalk]] = defaultdict(list)
    for talk in talks:
        talks_by_seat[talk.seat].append(talk)
    wrapup = timedelta(seconds=wrapup_s)
    return {
        seat: _times(seat, events_by_seat[seat], talks_by_seat[seat], wrapup, until)
        for seat in sorted(events_by_seat.keys() | talks_by_seat)
    }


def _times(
    seat: str, events: Sequence[SeatEvent], talks: Sequence[SeatTalk], wrapup: timedelta, until: datetime
) -> SeatTimes:
    times = SeatTimes(seat, answered=list(talks))
    times.of_groups = {group: joined_spans(spans) for group, spans in _signed_in(events, until).items()}
    times.signed_in = joined_spans(span for spans in times.of_groups.values() for span in spans)
    holds = joined_spans(_held(events, until))
    earlier_end = talks[0].begin if talks else until
    for talk in talks:
        span = joined_spans([(max(talk.begin, earlier_end), min(talk.end or until, until))])
        times.holds += [(*span_part, talk.group) for span_part in common_spans(span, holds)]
        times.talks += [(*span_part, talk.group) for span_part in spans_without(span, holds)]
        earlier_end = max(earlier_end, talk.end or until)
    in_talk = joined_spans((talk.begin, min(talk.end or until, until)) for talk in talks)
    for begin, end, group in _wrap_ups(events, talks, wrapup, until):
        times.wrap_ups += [(*span_part, group) for span_part in spans_without([(begin, end)], in_talk)]
    at_work = joined_spans([*in_talk, *((begin, end) for begin, end, _group in times.wrap_ups)])
    for begin, end, reason in _paused(events, until):
        if not reason.startswith(WRAP_UP_REASON):
            busy_spans = spans_without(common_spans([(begin, end)], times.signed_in), at_work)
            times.busy += [(*span_part, reason) for span_part in busy_spans]
    return times


def _signed_in(events: Iterable[SeatEvent], until: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    spans: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    signed_in_at: dict[str, datetime] = {}
    for event in events:
        if event.kind is SeatEventKind.SIGNED_IN:
            signed_in_at.setdefault(event.group, event.at)
        elif event.kind is SeatEventKind.SIGNED_OUT and event.group in signed_in_at:
            spans[event.group].append((signed_in_at.pop(event.group), event.at))
    for group, begin in signed_in_at.items():
        spans[group].append((begin, until))
    return spans


def _paused(events: Iterable[SeatEvent], until: datetime) -> list[tuple[datetime, datetime, str]]:
    """Return the spans in which the seat was paused in any group, with the last reason."""
    pauses = []
    groups: set[str] = set()
    since, reason = until, ""
    for event in events:
        match event.kind:
            case SeatEventKind.BUSY:
                if groups and event.reason != reason:
                    pauses.append((since, event.at, reason))
                if not groups or event.reason != reason:
                    since, reason = event.at, event.reason
                groups.add(event.group)
            case SeatEventKind.READY | SeatEventKind.SIGNED_IN | SeatEventKind.SIGNED_OUT:
                if event.group in groups:
                    groups.discard(event.group)
                    if not groups:
                        pauses.append((since, event.at, reason))
            case SeatEventKind.HELD | SeatEventKind.RESUMED:
                pass
    if groups:
        pauses.append((since, until, reason))
    return [(begin, end, reason) for begin, end, reason in pauses if begin < end]


def _held(events: Iterable[SeatEvent], until: datetime) -> list[tuple[datetime, datetime]]:
    holds, held_at = [], None
    for event in events:
        if event.kind is SeatEventKind.HELD:
            held_at = held_at or event.at
        elif event.kind is SeatEventKind.RESUMED and held_at:
            holds.append((held_at, event.at))
            held_at = None
    return [*holds, (held_at, until)] if held_at else holds


def _wrap_ups(
    events: Sequence[SeatEvent], talks: Iterable[SeatTalk], wrapup: timedelta, until: datetime
) -> list[tuple[datetime, datetime, str]]:
    """Return the wrap-ups without overlaps: Asterisk's after each call from a queue, and the agents' own."""
    changes = [event.at for event in events if event.kind not in (SeatEventKind.HELD, SeatEventKind.RESUMED)]
    ends_of_talks = sorted((talk.end, talk.group) for talk in talks if talk.group and talk.end)
    wrap_ups = []
    for end, group in ends_of_talks:
        place = bisect_left(changes, end.replace(microsecond=0))  # queue_log has whole seconds
        changed_at = changes[place] if place < len(changes) else until
        wrap_ups.append((end, min(max(changed_at, end), end + wrapup, until), group))
    for begin, end, reason in _paused(events, until):
        if reason.startswith(WRAP_UP_REASON):
            place = bisect_right(ends_of_talks, end, key=itemgetter(0))
            wrap_ups.append((begin, end, ends_of_talks[place - 1][1] if place else ""))
    without_overlaps, earlier_end = [], datetime.min.replace(tzinfo=UTC)
    for begin, end, group in sorted(wrap_ups):
        if max(begin, earlier_end) < end:
            without_overlaps.append((max(begin, earlier_end), end, group))
            earlier_end = end
    return without_overlaps
