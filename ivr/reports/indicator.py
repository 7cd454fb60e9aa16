"""The type of an indicator, and the arithmetic that several indicators share."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

from ivr.records.derive.call_record import CallRecord

Calls = Sequence[CallRecord]
"""Calls that are over, in any order."""

Value = int | float | datetime | None
"""A count, a share from 0 to 1, seconds, or an hour of the city's clock; None if there is nothing to measure."""


class Unit(StrEnum):
    """The unit of a value."""

    COUNT = "count"  # adds up over numbers and modes
    SHARE = "share"
    SECONDS = "seconds"
    HOUR = "hour"
    PEAK = "peak"  # a count of the busiest hour: does not add up


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of a report: a pure function of calls, with its name and its meaning for readers."""

    key: str  # for programs
    title: str
    meaning: str  # the rule by which it is counted
    unit: Unit
    of: Callable[[Calls], Value]


def indicator(title: str, meaning: str, unit: Unit = Unit.COUNT) -> Callable[[Callable[[Calls], Value]], Indicator]:
    """Make an indicator of a function; its name becomes the key."""

    def make(function: Callable[[Calls], Value]) -> Indicator:
        return Indicator(function.__name__, title, meaning, unit, function)

    return make


def count(calls: Calls, holds: Callable[[CallRecord], object]) -> int:
    """Return the number of calls for which ``holds`` is true."""
    return sum(1 for call in calls if holds(call))


def share(part: int, whole: int) -> float | None:
    """Return ``part`` as a share of ``whole``, from 0 to 1; None if ``whole`` is 0."""
    return part / whole if whole else None


def percentile(values: Iterable[float], percent: int) -> float | None:
    """Return the smallest value that at least ``percent`` of 100 values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(ceil(len(ranked) * percent / 100), 1) - 1] if ranked else None


def mean(values: Collection[float]) -> float | None:
    """Return the arithmetic mean; None if there is no value."""
    return sum(values) / len(values) if values else None
