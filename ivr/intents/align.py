"""A phrase found in an utterance: where it fits best, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    # Each cell: the cost of a path, and where it began (negative, so that of equal costs the later start is smaller).
    row = [(0.0, -at) for at in range(len(heard.sounds) + 1)]
    for sound, weight in zip(phrase, weights, strict=True):
        missing = LEFT_OUT * weight
        above = row
        row = [(above[0][0] + missing, above[0][1])]
        for at, other in enumerate(heard.sounds):
            cost, start = above[at]
            both = (cost + weight * differ(sound, other), start)
            cost, start = above[at + 1]
            left_out = (cost + missing, start)
            cost, start = row[at]
            extra = (cost + between[at], start)
            row.append(min(both, left_out, extra))
    end = min(range(len(row)), key=lambda at: (row[at][0], -at - row[at][1]))
    return Fit(row[end][0], -row[end][1], end)
