"""Shares with their 95 % intervals, and percentiles. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959964  # of a normal distribution, 95 % within


@dataclass(frozen=True, slots=True)
class Share:
    """A count of a total."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """Return the share; nan if the total is 0."""
        return self.count / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's score interval."""
        if not self.total:
            return 0.0, 1.0
        share, total = self.value, self.total
        centre = share + _Z**2 / (2 * total)
        half = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
        scale = 1 + _Z**2 / total
        return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)

    def __str__(self) -> str:
        if not self.total:
            return "–"
        low, high = self.interval
        return f"{100 * self.value:.1f} % ({100 * low:.1f}–{100 * high:.1f}) of {self.total}"


def difference(first: Share, second: Share) -> tuple[float, float]:
    """Return Newcombe's interval of the difference of two shares."""
    if not (first.total and second.total):
        return -1.0, 1.0
    (low, high), (second_low, second_high) = first.interval, second.interval
    between = first.value - second.value
    return (
        between - math.hypot(first.value - low, second_high - second.value),
        between + math.hypot(high - first.value, second.value - second_low),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile by nearest rank; nan without values."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
