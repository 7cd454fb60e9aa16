"""The phrases of a vocabulary by their sound. Pure."""

import math
from collections.abc import Sequence

from ivr.phonetics.align import ComparableUtterance, align_within, hear
from ivr.phonetics.nearest import SoundSearch
from ivr.phonetics.pronunciation import Sound, plain, sounds
from ivr.speech.recognizer import Vocabulary

_ALIKE = 0.12  # greatest distance of a text that differs from a phrase by an accent or a homophone
_SAME = 0.07  # greatest distance of a text that differs by homophones only: other characters of the same sound
_FAR = 0.5  # greatest distance of a misreading of a phrase; beyond it the sound never spoke for the phrase
_FAR_CRY = 0.46  # greatest distance of a misreading of a cry for help; each comparison costs time


class Phrases:
    """A vocabulary's phrases with their sounds."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Look up the sounds, which takes a third of a millisecond for each phrase."""
        self._sounds = {phrase: phrase_sounds for phrase in vocabulary.phrases if (phrase_sounds := sounds(phrase))}
        self._phrase_search = SoundSearch(self._sounds)
        self._cry_search = SoundSearch(
            {cry: phrase_sounds for cry in sorted(vocabulary.cries) if (phrase_sounds := sounds(cry))}
        )

    def is_whole(self, text: str) -> bool:
        """Tell whether ``text`` is a phrase, or differs from a phrase by an accent only."""
        if text in self._sounds:
            return True
        heard = hear(text)
        length = len(heard.sounds)
        as_long = self._phrase_search.promising(heard, _ALIKE, range(length, length + 1))
        return any(_distance(phrase_sounds, heard, _ALIKE) <= _ALIKE for _least, _phrase, phrase_sounds in as_long)

    def sounds_as(self, phrase: str, text: str) -> bool:
        """Tell whether ``phrase`` and ``text`` sound the same."""
        heard = hear(text)
        return len(self._sounds[phrase]) == len(heard.sounds) and _distance(self._sounds[phrase], heard, _SAME) <= _SAME

    def missing_syllables(self, phrase: str, text: str) -> int:
        """Return by how many syllables ``phrase`` is shorter than ``text``."""
        return max(0, len(plain(text)) - len(plain(phrase)))

    def like(self, text: str, count: int) -> list[str]:
        """Return the phrases that ``text`` may be a misreading of, the nearest first.

        They have as many syllables as ``text``, or one more or fewer.

        Args:
            text: what was read.
            count: how many phrases to return at most.
        """
        heard = hear(text)
        length, found = len(heard.sounds), list[tuple[float, str]]()
        for least, phrase, phrase_sounds in self._phrase_search.promising(heard, _FAR, range(length - 1, length + 2)):
            farthest = found[-1][0] if len(found) == count else _FAR
            if least > farthest:
                break
            if (distance := _distance(phrase_sounds, heard, farthest)) <= farthest:
                found = sorted([*found, (distance, phrase)])[:count]
        return [phrase for _distance, phrase in found]

    def texts_with_cry(self, text: str, count: int) -> list[str]:
        """Return ``text`` with each cry for help in place of a stretch that may be its misreading, the nearest first.

        >>> Phrases(Vocabulary("main", (), frozenset({"着火了"}))).texts_with_cry("山上找回了火好大", 1)
        ['山上着火了火好大']

        Args:
            text: what was read; only its Chinese characters count.
            count: how many texts to return at most.
        """
        heard, found = hear(text), dict[str, float]()
        for least, cry, phrase_sounds in self._cry_search.promising(heard, _FAR_CRY):
            farthest = sorted(found.values())[count - 1] if len(found) >= count else _FAR_CRY
            if least > farthest:
                break
            fit = align_within(phrase_sounds, [1.0] * len(phrase_sounds), heard, farthest * len(phrase_sounds))
            if fit is None:
                continue
            if plain(cry) not in heard.text and fit.start < fit.end and fit.cost <= _FAR_CRY * len(phrase_sounds):
                cried, distance = (
                    f"{heard.text[: fit.start]}{cry}{heard.text[fit.end :]}",
                    fit.cost / len(phrase_sounds),
                )
                found[cried] = min(distance, found.get(cried, distance))
        return sorted(found, key=lambda cried: (found[cried], cried))[:count]


def _distance(phrase_sounds: Sequence[Sound], heard: ComparableUtterance, farthest: float) -> float:
    """Return the distance of a phrase; infinity if it is certain to be farther than ``farthest``."""
    fit = align_within(phrase_sounds, [1.0] * len(phrase_sounds), heard, farthest * len(phrase_sounds))
    return fit.cost / len(phrase_sounds) if fit is not None else math.inf
