"""Arithmetic of spans of time: joined, without others, common to two. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter

TimeSpans = Sequence[tuple[datetime, datetime]]
"""Begins and ends, aware, in order, none overlapping another, each end behind its begin."""


def joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return spans as `TimeSpans`: spans that touch or overlap become one, empty spans are left out."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def common(one: TimeSpans, other: TimeSpans) -> list[tuple[datetime, datetime]]:
    """Return the time that is in both."""
    return [(max(begin, place[0]), min(end, place[1])) for begin, end in one for place in _meeting(other, begin, end)]


def without(one: TimeSpans, other: TimeSpans) -> list[tuple[datetime, datetime]]:
    """Return the time of the first that is not in the second."""
    found = []
    for begin, end in one:
        rest = begin
        for place in _meeting(other, begin, end):
            if rest < place[0]:
                found.append((rest, place[0]))
            rest = place[1]
        if rest < end:
            found.append((rest, end))
    return found


def _meeting(spans: TimeSpans, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans that have time in common with the one from ``begin`` to ``end``."""
    for place in range(bisect_right(spans, begin, key=itemgetter(1)), len(spans)):
        if spans[place][0] >= end:
            return
        yield spans[place]


def seconds(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Return how long the spans last together."""
    return sum((end - begin).total_seconds() for begin, end in spans)
