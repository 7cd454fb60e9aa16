"""A phrase found in an utterance: where it fits best, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.intents.asking import asking
from ivr.intents.sound import Sound, differ, plain, sounds

LEFT_OUT = 0.8
"""What a sound of a phrase costs that is missing: less than another in its place."""

_BETWEEN = 0.6  # ... a character in the middle of a phrase that is none of it
_BETWEEN_ASKING = 0.15  # ... where it says nothing: 公积金怎么提取


@dataclass(frozen=True, slots=True)
class Utterance:
    """An utterance, ready to be compared."""

    text: str
    sounds: tuple[Sound, ...]
    asks: tuple[bool, ...]  # of each character: it stands in a word of asking
    _differing: dict[Sound, list[float]] = field(default_factory=dict, repr=False, compare=False)  # asked for often

    def differing(self, sound: Sound) -> list[float]:
        """Return how far ``sound`` is from each sound heard."""
        found = self._differing.get(sound)
        if found is None:
            found = self._differing[sound] = [differ(sound, other) for other in self.sounds]
        return found

    @property
    def content(self) -> int:
        """How many characters say something."""
        return self.asks.count(False)


@dataclass(frozen=True, slots=True)
class Fit:
    """The best place of a phrase in an utterance."""

    cost: float
    start: int
    end: int  # of the characters heard, exclusive


def hear(utterance: str) -> Utterance:
    """Make an utterance ready; any text will do."""
    text = plain(utterance)
    return Utterance(text, sounds(text), asking(text))


def align(phrase: Sequence[Sound], weights: Sequence[float], heard: Utterance) -> Fit:
    """Find the stretch of ``heard`` that sounds most like the whole of ``phrase``.

    Args:
        phrase: at least one sound.
        weights: what it costs to leave out each sound of the phrase.
        heard: what stands before and after the stretch costs nothing here.

    Returns:
        The fit with the lowest cost, and of equal ones the longest.
    """
    between = [_BETWEEN_ASKING if asks else _BETWEEN for asks in heard.asks]
    # Of each cell the cost of the best path to it, and where that path began; of equal paths the one that began later.
    costs, starts = [0.0] * (len(between) + 1), list(range(len(between) + 1))
    for sound, weight in zip(phrase, weights, strict=True):
        missing = LEFT_OUT * weight
        cost, start = costs[0] + missing, starts[0]
        next_costs, next_starts = [cost], [start]
        for at, differing in enumerate(heard.differing(sound)):
            cost += between[at]  # a character more than the phrase has
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
    return Fit(costs[end], starts[end], end)
