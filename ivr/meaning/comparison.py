"""Compares sentences with a fixed list of texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.meaning.encoder import Encode, Vectors
from ivr.meaning.respelling import Respelling

_DIMENSIONS = 200  # of the encoder's; the others are noise for so few texts
_WHITENING = 0.25  # 0 leaves the spread of the dimensions as it is, 0.5 makes it equal


@dataclass(frozen=True, slots=True, eq=False)
class TextMeanings:
    """The whitened vectors of texts, and the whitening, for the vectors of further sentences."""

    mean: Vectors  # of the texts' vectors
    axes: Vectors  # from the encoder's dimensions to the whitened ones
    rows: Vectors  # a row of length 1 for each text

    def placed(self, vectors: Vectors) -> Vectors:
        """Return an encoder's rows, whitened, each of length 1, for comparison with `rows`."""
        return _placed(vectors, self.mean, self.axes)


def text_meanings(encode: Encode, texts: Sequence[str], others: Sequence[str] = ()) -> TextMeanings:
    """Encode the texts, which takes half a millisecond each.

    The vectors are whitened (Su et al. 2021, "Whitening Sentence Representations"): the mean of all texts and a part of
    the variance are removed, because an encoder finds any two complaints to an office alike.

    Args:
        encode: the sentence encoder.
        texts: the texts that the whitening follows.
        others: further texts that sentences are compared with.
    """
    vectors = encode(texts)
    mean = vectors.mean(axis=0)
    _left, spread, axes = np.linalg.svd(vectors - mean, full_matrices=False)
    dimensions = min(_DIMENSIONS, int((spread > 1e-6 * spread[0]).sum()))
    scaled = (axes[:dimensions].T / spread[:dimensions] ** _WHITENING).astype(np.float32)
    return TextMeanings(
        mean, scaled, _placed(np.concatenate([vectors, encode(others)]) if others else vectors, mean, scaled)
    )


def _placed(vectors: Vectors, mean: Vectors, axes: Vectors) -> Vectors:
    placed = (vectors - mean) @ axes
    lengths = np.linalg.norm(placed, axis=1, keepdims=True)
    of_length_one: Vectors = placed / np.maximum(lengths, 1e-9)
    return of_length_one


class Comparison:
    """Texts, and the closeness of any sentence to each of them."""

    def __init__(self, encode: Encode, texts: Sequence[str], meanings: TextMeanings) -> None:
        """Make ready.

        Args:
            encode: the sentence encoder.
            texts: the texts that respelling follows.
            meanings: the meanings of these texts and of further texts.
        """
        self._encode, self._respelt, self._meanings = encode, Respelling(texts), meanings

    def __call__(self, sentence: str) -> list[float]:
        """Return the closeness, -1 to 1, of a recogniser's text to each text, then to each of the others."""
        return self.exactly(self.respelt(sentence))

    def exactly(self, sentence: str) -> list[float]:
        """Return the closeness of a sentence that needs no respelling."""
        return self.to(self.meaning(sentence))

    def to(self, meaning: Vectors) -> list[float]:
        """Return the closeness of a meaning to each text."""
        closeness: list[float] = (self._meanings.rows @ meaning).tolist()
        return closeness

    def respelt(self, sentence: str) -> str:
        """Return a recogniser's text with misread words replaced (`ivr.meaning.respelling`)."""
        return self._respelt(sentence)

    def meaning(self, sentence: str) -> Vectors:
        """Return the meaning of a sentence as a vector of length 1, to be compared with the texts'."""
        meaning: Vectors = self._meanings.placed(self._encode([sentence]))[0]
        return meaning
