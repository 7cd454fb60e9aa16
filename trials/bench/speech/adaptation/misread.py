"""Misread syllables, and the interval of their difference between two readings of the same takes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.phonetics.pronunciation import Sound, sounds

_DRAWS = 2000  # of the bootstrap
_SEED = 0


@dataclass(frozen=True, slots=True)
class MisreadSyllables:
    """The misread syllables of a take."""

    count: int  # at most the take's syllables
    total: int  # the take's syllables


def misread_syllables(said: str, heard: str) -> MisreadSyllables:
    """Count the syllables that were misread, left out or added.

    A syllable is misread if no pronunciation of its character, without the tone, is one of the character that was said.
    """
    spoken, written = sounds(said), sounds(heard)
    return MisreadSyllables(min(_edits(spoken, written), len(spoken)), len(spoken))


def _edits(spoken: Sequence[Sound], written: Sequence[Sound]) -> int:
    """Return Levenshtein's distance of syllables."""
    row = list(range(len(written) + 1))
    for count, syllable in enumerate(spoken, 1):
        before, row = row, [count]
        for at, other in enumerate(written, 1):
            differs = set(syllable.readings).isdisjoint(other.readings)
            row.append(min(before[at] + 1, row[at - 1] + 1, before[at - 1] + differs))
    return row[-1]


@dataclass(frozen=True, slots=True)
class MisreadDifference:
    """The shares of misread syllables before and after a change, 0 to 1."""

    before: float
    after: float
    low: float  # the 95 % interval of the difference
    high: float
    takes: int

    def __str__(self) -> str:
        interval = f"{100 * self.low:+.1f} to {100 * self.high:+.1f}".replace("-", "−")
        return f"{100 * self.before:.1f} % | {100 * self.after:.1f} % ({interval}) | {self.takes}"


def misread_difference(
    before: Sequence[MisreadSyllables], after: Sequence[MisreadSyllables]
) -> MisreadDifference | None:
    """Compare two readings of the same takes, in the same order; None if there is no take with a syllable.

    The interval is a percentile bootstrap over takes (Efron and Tibshirani 1993, chapter 13), the same each time.
    """
    counts = np.array([(one.count, other.count, one.total) for one, other in zip(before, after, strict=True)], float)
    if not counts.size or not counts[:, 2].any():
        return None
    random = np.random.default_rng(_SEED)
    drawn = counts[random.integers(0, len(counts), (_DRAWS, len(counts)))].sum(axis=1)
    drawn = drawn[drawn[:, 2] > 0]
    low, high = np.quantile((drawn[:, 1] - drawn[:, 0]) / drawn[:, 2], (0.025, 0.975))
    first, second, total = counts.sum(axis=0)
    return MisreadDifference(first / total, second / total, float(low), float(high), len(counts))
