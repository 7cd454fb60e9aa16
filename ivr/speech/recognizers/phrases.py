"""The phrases of a vocabulary by their sound. Pure."""

from collections.abc import Iterable, Sequence

from ivr.phonetics.align import Utterance, align, hear
from ivr.phonetics.sound import Sound, sounds
from ivr.speech.recognizer import Vocabulary

_ALIKE = 0.12  # distance up to which a text is a phrase but for an accent or a homophone


class Phrases:
    """A vocabulary's phrases with their sounds."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Look the sounds up; a third of a millisecond for each phrase."""
        self.likely, self.grave = vocabulary.phrases, vocabulary.grave
        self._sounds = {phrase: said for phrase in vocabulary.phrases if (said := sounds(phrase))}

    def __contains__(self, text: str) -> bool:
        """Say whether this is one of the phrases."""
        return text in self._sounds

    def is_whole(self, text: str) -> bool:
        """Say whether this is one of the phrases, or written otherwise sounds like one."""
        if text in self:
            return True
        heard = hear(text)
        as_long = (said for said in self._sounds.values() if len(said) == len(heard.sounds))
        return any(_distance(said, heard) <= _ALIKE for said in as_long)

    def nearest(self, text: str, count: int) -> list[str]:
        """Return the phrases that sound most like ``text`` or a part of it, the nearest first."""
        return self._nearest(text, self._sounds, count)

    def up_to(self, length: int) -> list[str]:
        """Return the phrases of at most ``length`` syllables."""
        return [phrase for phrase, said in self._sounds.items() if len(said) <= length]

    def nearest_grave(self, text: str, count: int) -> list[str]:
        """Return likewise those that must not be heard unless they were said, if they are about as long."""
        return self._nearest(text, self.about_as_long(text, sorted(self.grave)), count)

    def about_as_long(self, text: str, among: Iterable[str]) -> list[str]:
        """Return those of these phrases that have as many syllables as ``text``, or one more or fewer."""
        length = syllables(text)
        return [phrase for phrase in among if abs(len(self._sounds[phrase]) - length) <= 1]

    def _nearest(self, text: str, among: Iterable[str], count: int) -> list[str]:
        heard = hear(text)
        return sorted(among, key=lambda phrase: _distance(self._sounds[phrase], heard))[:count]


def apart(text: str, other: str) -> float:
    """Return how far ``text`` sounds from ``other`` or a part of it: 0 to 1, and 1 where it has no sound."""
    said = sounds(text)
    return _distance(said, hear(other)) if said else 1.0


def syllables(text: str) -> int:
    """Return how many syllables a text has."""
    return len(sounds(text))


def _distance(said: Sequence[Sound], heard: Utterance) -> float:
    return align(said, [1.0] * len(said), heard).cost / len(said)
