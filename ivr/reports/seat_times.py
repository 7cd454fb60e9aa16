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
from ivr.reports.time_spans import TimeSpans, common, joined, without

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
    by_seat: defaultdict[str, list[SeatEvent]] = defaultdict(list)
    for event in events:
        by_seat[event.seat].append(event)
    spoken: defaultdict[str, list[SeatTalk]] = defaultdict(list)
    for talk in talks:
        spoken[talk.seat].append(talk)
    wrapup = timedelta(seconds=wrapup_s)
    return {seat: _times(seat, by_seat[seat], spoken[seat], wrapup, until) for seat in sorted(by_seat.keys() | spoken)}


def _times(
    seat: str, events: Sequence[SeatEvent], talks: Sequence[SeatTalk], wrapup: timedelta, until: datetime
) -> SeatTimes:
    times = SeatTimes(seat, answered=list(talks))
    times.of_groups = {group: joined(spans) for group, spans in _signed_in(events, until).items()}
    times.signed_in = joined(span for spans in times.of_groups.values() for span in spans)
    held = joined(_held(events, until))
    last = talks[0].begin if talks else until
    for talk in talks:
        span = joined([(max(talk.begin, last), min(talk.end or until, until))])
        times.holds += [(*span_part, talk.group) for span_part in common(span, held)]
        times.talks += [(*span_part, talk.group) for span_part in without(span, held)]
        last = max(last, talk.end or until)
    talked = joined((talk.begin, min(talk.end or until, until)) for talk in talks)
    for begin, end, group in _wrap_ups(events, talks, wrapup, until):
        times.wrap_ups += [(*span_part, group) for span_part in without([(begin, end)], talked)]
    at_work = joined([*talked, *((begin, end) for begin, end, _group in times.wrap_ups)])
    for begin, end, reason in _paused(events, until):
        if not reason.startswith(WRAP_UP_REASON):
            free = without(common([(begin, end)], times.signed_in), at_work)
            times.busy += [(*span_part, reason) for span_part in free]
    return times


def _signed_in(events: Iterable[SeatEvent], until: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    found: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    since: dict[str, datetime] = {}
    for event in events:
        if event.kind is SeatEventKind.SIGNED_IN:
            since.setdefault(event.group, event.at)
        elif event.kind is SeatEventKind.SIGNED_OUT and event.group in since:
            found[event.group].append((since.pop(event.group), event.at))
    for group, begin in since.items():
        found[group].append((begin, until))
    return found


def _paused(events: Iterable[SeatEvent], until: datetime) -> list[tuple[datetime, datetime, str]]:
    """Return the spans in which the seat was paused in any group, with the last reason."""
    found = []
    groups: set[str] = set()
    since, reason = until, ""
    for event in events:
        match event.kind:
            case SeatEventKind.BUSY:
                if groups and event.reason != reason:
                    found.append((since, event.at, reason))
                if not groups or event.reason != reason:
                    since, reason = event.at, event.reason
                groups.add(event.group)
            case SeatEventKind.READY | SeatEventKind.SIGNED_IN | SeatEventKind.SIGNED_OUT:
                if event.group in groups:
                    groups.discard(event.group)
                    if not groups:
                        found.append((since, event.at, reason))
            case SeatEventKind.HELD | SeatEventKind.RESUMED:
                pass
    if groups:
        found.append((since, until, reason))
    return [(begin, end, reason) for begin, end, reason in found if begin < end]


def _held(events: Iterable[SeatEvent], until: datetime) -> list[tuple[datetime, datetime]]:
    found, since = [], None
    for event in events:
        if event.kind is SeatEventKind.HELD:
            since = since or event.at
        elif event.kind is SeatEventKind.RESUMED and since:
            found.append((since, event.at))
            since = None
    return [*found, (since, until)] if since else found


def _wrap_ups(
    events: Sequence[SeatEvent], talks: Iterable[SeatTalk], wrapup: timedelta, until: datetime
) -> list[tuple[datetime, datetime, str]]:
    """Return the wrap-ups without overlaps: Asterisk's after each call from a queue, and the agents' own."""
    changes = [event.at for event in events if event.kind not in (SeatEventKind.HELD, SeatEventKind.RESUMED)]
    ended = sorted((talk.end, talk.group) for talk in talks if talk.group and talk.end)
    found = []
    for end, group in ended:
        place = bisect_left(changes, end.replace(microsecond=0))  # queue_log has whole seconds
        changed_at = changes[place] if place < len(changes) else until
        found.append((end, min(max(changed_at, end), end + wrapup, until), group))
    for begin, end, reason in _paused(events, until):
        if reason.startswith(WRAP_UP_REASON):
            place = bisect_right(ended, end, key=itemgetter(0))
            found.append((begin, end, ended[place - 1][1] if place else ""))
    apart, last = [], datetime.min.replace(tzinfo=UTC)
    for begin, end, group in sorted(found):
        if max(begin, last) < end:
            apart.append((max(begin, last), end, group))
            last = end
    return apart
