"""Find a phrase in an utterance by its sound: the best place, and how well the phrase fits there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ivr.phonetics.filler_words import filler
from ivr.phonetics.pronunciation import Sound, differ, plain, sounds

LEFT_OUT = 0.8
"""Cost of a missing syllable of the phrase; a syllable replaced by an unlike one costs more."""

_BETWEEN = 0.6  # cost of a character that is not in the phrase, between two characters of the phrase
_BETWEEN_FILLER = 0.15  # the same, if the character belongs to a filler word: 公积金怎么提取
_ROUNDING = 1e-9  # by which a cost may be wrong


@dataclass(frozen=True, slots=True)
class ComparableUtterance:
    """An utterance, ready to be compared."""

    text: str
    sounds: tuple[Sound, ...]
    filler: tuple[bool, ...]  # for each character: whether the character stands in a filler word
    between: tuple[float, ...]  # for each character: its cost between two characters of a phrase
    # Cache of `differing`.
    _differing: dict[Sound, list[float]] = field(default_factory=dict, repr=False, compare=False)

    def differing(self, sound: Sound) -> list[float]:
        """Return the distance of ``sound`` from each sound of the utterance."""
        costs = self._differing.get(sound)
        if costs is None:
            costs = self._differing[sound] = [differ(sound, other) for other in self.sounds]
        return costs

    @property
    def content(self) -> int:
        """Number of characters outside filler words."""
        return self.filler.count(False)


@dataclass(frozen=True, slots=True)
class AlignedStretch:
    """The best place of a phrase in an utterance."""

    cost: float
    start: int
    end: int  # of the characters heard, exclusive


def hear(utterance: str) -> ComparableUtterance:
    """Prepare any text for `align`."""
    return _hear(plain(utterance))


@lru_cache(maxsize=16)  # one decision prepares the same text several times
def _hear(text: str) -> ComparableUtterance:
    fillers = filler(text)
    between = tuple(_BETWEEN_FILLER if is_filler else _BETWEEN for is_filler in fillers)
    return ComparableUtterance(text, sounds(text), fillers, between)


def align(phrase: Sequence[Sound], weights: Sequence[float], heard: ComparableUtterance) -> AlignedStretch:
    """Find the stretch of ``heard`` that sounds most like the whole of ``phrase``.

    Args:
        phrase: at least one sound.
        weights: for each sound of the phrase, its share in the cost.
        heard: the utterance. Sounds before and after the stretch cost nothing.

    Returns:
        The fit with the lowest cost; of equal fits the longest.
    """
    # For each cell: cost and start of the best path to the cell. Of equal paths, the later start wins.
    costs, starts = [0.0] * (len(heard.between) + 1), list(range(len(heard.between) + 1))
    for sound, weight in zip(phrase, weights, strict=True):
        missing = LEFT_OUT * weight
        cost, start = costs[0] + missing, starts[0]
        next_costs, next_starts = [cost], [start]
        for at, differing in enumerate(heard.differing(sound)):
            cost += heard.between[at]  # the phrase lacks this character
            without = costs[at + 1] + missing
            if without < cost or (without == cost and starts[at + 1] > start):
                cost, start = without, starts[at + 1]
            both = costs[at] + weight * differing
            if both < cost or (both == cost and starts[at] > start):
                cost, start = both, starts[at]
            next_costs.append(cost)
            next_starts.append(start)
        costs, starts = next_costs, next_starts
    end = min(range(len(costs)), key=lambda at: (costs[at], starts[at] - at))
    return AlignedStretch(costs[end], starts[end], end)


def align_within(
    phrase: Sequence[Sound], weights: Sequence[float], heard: ComparableUtterance, most: float
) -> AlignedStretch | None:
    """Do the same as `align`, but return None if the cost is more than ``most``.

    Most phrases are far from the utterance. Their distance is found without their places, and mostly before their end.
    """
    most += _ROUNDING
    costs = [0.0] * (len(heard.between) + 1)
    for sound, weight in zip(phrase, weights, strict=True):
        missing = LEFT_OUT * weight
        cost = costs[0] + missing
        next_costs = [cost]
        cells = zip(heard.differing(sound), heard.between, costs[:-1], costs[1:], strict=True)
        for differing, between, before, above in cells:
            cost += between
            if (without := above + missing) < cost:
                cost = without
            if (both := before + weight * differing) < cost:
                cost = both
            next_costs.append(cost)
        if min(next_costs) > most:  # no later step has a cost below 0
            return None
        costs = next_costs
    return align(phrase, weights, heard)
