"""The phrases of a vocabulary by their sound. Pure."""

from collections.abc import Iterable, Sequence

from ivr.phonetics.align import ComparableUtterance, align, hear
from ivr.phonetics.pronunciation import Sound, sounds
from ivr.speech.recognizer import Vocabulary

_ALIKE = 0.12  # distance up to which a text is a phrase but for an accent or a homophone
_SAME = 0.07  # ... but for homophones: other characters of the same sound
_FAR = 0.6  # distance beyond which a text is no misreading of a phrase
_FAR_CRY = 0.75  # ... of a cry for help, which must not be missed


class Phrases:
    """A vocabulary's phrases with their sounds."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Look the sounds up; a third of a millisecond for each phrase."""
        self._cries = sorted(vocabulary.cries)
        self._sounds = {phrase: said for phrase in vocabulary.phrases if (said := sounds(phrase))}

    def is_whole(self, text: str) -> bool:
        """Tell whether ``text`` is a phrase, or but for an accent sounds like one."""
        if text in self._sounds:
            return True
        heard = hear(text)
        as_long = (said for said in self._sounds.values() if len(said) == len(heard.sounds))
        return any(_distance(said, heard) <= _ALIKE for said in as_long)

    def sounds_as(self, phrase: str, text: str) -> bool:
        """Tell whether ``phrase`` and ``text`` sound the same."""
        heard = hear(text)
        return len(self._sounds[phrase]) == len(heard.sounds) and _distance(self._sounds[phrase], heard) <= _SAME

    def unsaid(self, phrase: str, text: str) -> int:
        """Return how many syllables ``phrase`` has less than ``text``."""
        return max(0, len(hear(text).sounds) - len(self._sounds[phrase]))

    def like(self, text: str, count: int, cries: int) -> list[str]:
        """Return the phrases that ``text`` may be a misreading of, the nearest first.

        They have as many syllables as ``text``, or one more or fewer.

        Args:
            text: what was read.
            count: how many phrases to return at most.
            cries: how many cries for help to add at most, which may be farther off.
        """
        heard = hear(text)
        near = _nearest(self._about_as_long(heard, self._sounds), heard, _FAR)[:count]
        crying = _nearest(self._about_as_long(heard, self._cries), heard, _FAR_CRY)[:cries]
        return list(dict.fromkeys([*near, *crying]))

    def _about_as_long(self, heard: ComparableUtterance, among: Iterable[str]) -> dict[str, tuple[Sound, ...]]:
        return {
            phrase: self._sounds[phrase]
            for phrase in among
            if phrase in self._sounds and abs(len(self._sounds[phrase]) - len(heard.sounds)) <= 1
        }


def _nearest(among: dict[str, tuple[Sound, ...]], heard: ComparableUtterance, farthest: float) -> list[str]:
    distances = {phrase: _distance(said, heard) for phrase, said in among.items()}
    return sorted((phrase for phrase in among if distances[phrase] <= farthest), key=distances.__getitem__)


def _distance(said: Sequence[Sound], heard: ComparableUtterance) -> float:
    return align(said, [1.0] * len(said), heard).cost / len(said)
