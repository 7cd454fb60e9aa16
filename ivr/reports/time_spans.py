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


def common(first: TimeSpans, second: TimeSpans) -> list[tuple[datetime, datetime]]:
    """Return the time that both have."""
    return [
        (max(begin, shared[0]), min(end, shared[1])) for begin, end in first for shared in _meeting(second, begin, end)
    ]


def without(first: TimeSpans, second: TimeSpans) -> list[tuple[datetime, datetime]]:
    """Return the time of ``first`` that ``second`` does not have."""
    found = []
    for begin, end in first:
        rest = begin
        for shared in _meeting(second, begin, end):
            if rest < shared[0]:
                found.append((rest, shared[0]))
            rest = shared[1]
        if rest < end:
            found.append((rest, end))
    return found


def _meeting(spans: TimeSpans, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans that have time in common with the span from ``begin`` to ``end``."""
    for index in range(bisect_right(spans, begin, key=itemgetter(1)), len(spans)):
        if spans[index][0] >= end:
            return
        yield spans[index]


def seconds(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Return the total length of the spans."""
    return sum((end - begin).total_seconds() for begin, end in spans)
