"""A recogniser's text with the words that it likely heard: 王素太慢 is read as 网速太慢.

A recogniser that is not sure writes any characters of about the right sound, and an encoder takes them at their word.
So stretches that sound nearly like a word of the known texts are written as that word; everything else stays as it is.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ivr.phonetics import dictionaries
from ivr.phonetics.pronunciation import Sound, plain, sounds
from ivr.phonetics.syllables import apart

_LONGEST = 6  # characters of a word
_GAIN = 0.3  # what a word gains for each of its syllables; a syllable that is farther off than this costs more
_COST = 0.3  # what a word costs: two syllables may be 0.15 off each
_REWRITTEN = 0.01  # what each character costs that is written otherwise: of equals the one that was heard stays


class Respelling:
    """The words of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Find the words: those of each text, and each short text whole."""
        texts = [text for text in texts if plain(text) == text]
        cut = chain.from_iterable(dictionaries.rjieba.cut(text, hmm=False) for text in texts)
        words = sorted({word for word in (*cut, *texts) if 2 <= len(word) <= _LONGEST})
        read = {word: tuple(sound.readings[0] for sound in sounds(word)) for word in words}
        syllables = {syllable: place for place, syllable in enumerate(sorted(set(chain.from_iterable(read.values()))))}
        self._syllables = tuple(syllables)
        self._words = tuple(
            _Words(
                same,
                np.array([[syllables[syllable] for syllable in read[word]] for word in same]),
                np.array([[ord(character) for character in word] for word in same]),
            )
            for length in range(2, _LONGEST + 1)
            if (same := [word for word in words if len(word) == length])
        )
        self._row = cache(self._far)

    def __call__(self, text: str) -> str:
        """Return the Chinese characters of ``text``, known words in the place of what sounds nearly like them."""
        text = plain(text)
        heard = sounds(text)
        if len(heard) < 2:
            return text
        ending: list[list[tuple[int, float, str]]] = [[] for _ in range(len(text) + 1)]
        for start, end, gain, word in self._found(text, heard):
            ending[end].append((start, gain, word))
        best = [(0.0, "")]  # gain and spelling of each beginning of the text
        for end, character in enumerate(text, start=1):
            gain, spelt = best[end - 1]
            ways = [(gain, spelt + character)]
            ways += [(best[start][0] + gain, best[start][1] + word) for start, gain, word in ending[end]]
            best.append(max(ways, key=lambda way: way[0]))
        return best[-1][1]

    def _found(self, text: str, heard: tuple[Sound, ...]) -> Iterator[tuple[int, int, float, str]]:
        """Yield the word of each length that gains most at each place: start, end, gain, word."""
        far = np.stack([np.min([self._row(reading) for reading in sound.readings], axis=0) for sound in heard])
        written = np.array([ord(character) for character in text])
        for words in self._words:
            length = words.syllables.shape[1]
            for start in range(len(text) - length + 1):
                end = start + length
                distances = far[np.arange(start, end), words.syllables].sum(axis=1)
                rewritten = (words.characters != written[start:end]).sum(axis=1)
                gains = length * _GAIN - _COST - distances - _REWRITTEN * rewritten
                best = int(gains.argmax())
                if gains[best] > 0:
                    yield start, end, float(gains[best]), words.words[best]

    def _far(self, syllable: str) -> NDArray[np.float64]:
        return np.array([apart(syllable, other) for other in self._syllables])


class _Words:
    """All words of one length."""

    def __init__(self, words: list[str], syllables: NDArray[np.int64], characters: NDArray[np.int64]) -> None:
        self.words, self.syllables, self.characters = words, syllables, characters
