"""The least distance that phrases can have from an utterance, before any of them is aligned. Pure.

An alignment finds the place of a phrase and the order of its sounds; the least distance only finds that its sounds are
there. The least distance takes a hundredth of the time, and most phrases then need no alignment.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from ivr.phonetics.align import LEFT_OUT, ComparableUtterance
from ivr.phonetics.pronunciation import Sound
from ivr.phonetics.syllables import apart


@dataclass(frozen=True, eq=False)
class Inventory:
    """Every sound of some phrases, once. It is equal only to itself, so that results can be cached by it."""

    sounds: tuple[Sound, ...]

    @classmethod
    def of(cls, phrases: Iterable[tuple[Sound, ...]]) -> "Inventory":
        """Collect the sounds of some phrases."""
        return cls(tuple(dict.fromkeys(chain.from_iterable(phrases))))


def nearest(heard: ComparableUtterance, inventory: Inventory) -> list[float]:
    """Return for each sound of the phrases the distance of the nearest sound of the utterance, which has a sound."""
    readings = {reading for sound in heard.sounds for reading in sound.readings}
    return [min(LEFT_OUT, *column) for column in zip(*(_row(inventory, reading) for reading in readings), strict=True)]


def compare_all(inventories: Iterable[Inventory]) -> None:
    """Compare all sounds of some phrases with each other: half a second for four thousand phrases.

    Without it the first utterances wait for a part of that, each for its own syllables.
    """
    of_all = tuple(inventories)
    readings = {reading for inventory in of_all for sound in inventory.sounds for reading in sound.readings}
    for inventory in of_all:
        for reading in readings:
            _row(inventory, reading)


class SoundSearch:
    """Phrases by text, to be looked for in utterances."""

    def __init__(self, phrases: dict[str, tuple[Sound, ...]]) -> None:
        """Take the phrases, each with at least one sound."""
        self.inventory = Inventory.of(phrases.values())
        place = {sound: at for at, sound in enumerate(self.inventory.sounds)}
        self._phrases = [
            (text, phrase_sounds, tuple(place[sound] for sound in phrase_sounds))
            for text, phrase_sounds in phrases.items()
        ]

    def promising(
        self, heard: ComparableUtterance, farthest: float, syllables: range | None = None
    ) -> Iterator[tuple[float, str, tuple[Sound, ...]]]:
        """Yield the phrases that may be as near as ``farthest``, the most promising first.

        Args:
            heard: the utterance.
            farthest: distance of a phrase beyond which it is left out, 0 to 1.
            syllables: the numbers of syllables that a phrase may have; None: any number.
        """
        if not heard.sounds:
            return
        near = nearest(heard, self.inventory)
        distances = [
            (sum(map(near.__getitem__, places)) / len(places), text, phrase_sounds)
            for text, phrase_sounds, places in self._phrases
            if syllables is None or len(places) in syllables
        ]
        yield from sorted((phrase for phrase in distances if phrase[0] <= farthest), key=lambda phrase: phrase[0])


@lru_cache(maxsize=4096)  # there are some four hundred syllables
def _row(inventory: Inventory, heard_reading: str) -> tuple[float, ...]:
    return tuple(min(apart(reading, heard_reading) for reading in sound.readings) for sound in inventory.sounds)
