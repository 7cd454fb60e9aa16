"""Arithmetic of spans of time: joined, without others, common to two. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter

TimeSpans = Sequence[tuple[datetime, datetime]]
"""Begins and ends, aware, in order, none overlapping another, each end behind its begin."""


def joined_spans(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return spans as `TimeSpans`: spans that touch or overlap become one, empty spans are left out."""
    merged_spans: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if merged_spans and begin <= merged_spans[-1][1]:
            merged_spans[-1] = (merged_spans[-1][0], max(merged_spans[-1][1], end))
        else:
            merged_spans.append((begin, end))
    return merged_spans


def common_spans(some_spans: TimeSpans, other_spans: TimeSpans) -> list[tuple[datetime, datetime]]:
    """Return the time that both have."""
    return [
        (max(begin, meeting_span[0]), min(end, meeting_span[1]))
        for begin, end in some_spans
        for meeting_span in _meeting(other_spans, begin, end)
    ]


def spans_without(some_spans: TimeSpans, other_spans: TimeSpans) -> list[tuple[datetime, datetime]]:
    """Return the time of ``some_spans`` that ``other_spans`` does not have."""
    remaining_spans = []
    for begin, end in some_spans:
        remaining_from = begin
        for meeting_span in _meeting(other_spans, begin, end):
            if remaining_from < meeting_span[0]:
                remaining_spans.append((remaining_from, meeting_span[0]))
            remaining_from = meeting_span[1]
        if remaining_from < end:
            remaining_spans.append((remaining_from, end))
    return remaining_spans


def _meeting(spans: TimeSpans, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans that have time in common with the span from ``begin`` to ``end``."""
    for index in range(bisect_right(spans, begin, key=itemgetter(1)), len(spans)):
        if spans[index][0] >= end:
            return
        yield spans[index]


def total_seconds(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Return the total length of the spans."""
    return sum((end - begin).total_seconds() for begin, end in spans)
