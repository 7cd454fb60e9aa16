"""Replaces misread words of a recogniser's text by known words of nearly the same sound: 王素太慢 becomes 网速太慢.

An unsure recogniser writes other characters of about the same sound, and an encoder compares the characters. A stretch
that sounds nearly like a word of the known texts is replaced by that word; all other words stay as they are.
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
_GAIN = 0.3  # gain of a replacement for each syllable; a syllable with a greater distance is a loss
_COST = 0.3  # cost of a replacement: the distance of each of two syllables may be 0.15
_REWRITTEN = 0.01  # cost of each changed character, so that of equal words the recogniser's own stays


class Respelling:
    """The known words, and the replacement of misread words by them."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the words from the texts; a short text is a word as a whole, too."""
        texts = [text for text in texts if plain(text) == text]
        cut = chain.from_iterable(dictionaries.rjieba.cut(text, hmm=False) for text in texts)
        words = sorted({word for word in (*cut, *texts) if 2 <= len(word) <= _LONGEST})
        read = {word: tuple(sound.readings[0] for sound in sounds(word)) for word in words}
        syllables = {syllable: place for place, syllable in enumerate(sorted(set(chain.from_iterable(read.values()))))}
        self._syllables = tuple(syllables)
        self._words = tuple(
            _Words(
                of_length,
                np.array([[syllables[syllable] for syllable in read[word]] for word in of_length]),
                np.array([[ord(character) for character in word] for word in of_length]),
            )
            for length in range(2, _LONGEST + 1)
            if (of_length := [word for word in words if len(word) == length])
        )
        self._row = cache(self._far)

    def __call__(self, text: str) -> str:
        """Return the Chinese characters of ``text``, with misread words replaced by known words."""
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
        """Yield the word with the greatest gain for each place and length: start, end, gain, word."""
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
