"""Compares sentences with a fixed list of texts."""

from collections.abc import Sequence

import numpy as np

from ivr.meaning.encoder import Encode, Vectors
from ivr.meaning.respelling import Respelling

_DIMENSIONS = 200  # of the encoder's; the others are noise for so few texts
_WHITENING = 0.25  # 0 leaves the spread of the dimensions as it is, 0.5 makes it equal


class Comparison:
    """Texts, and the closeness of any sentence to each of them.

    The vectors are whitened (Su et al. 2021, "Whitening Sentence Representations"): the mean of all texts and a part of
    the variance are removed, because an encoder finds any two complaints to an office alike.
    """

    def __init__(self, encode: Encode, texts: Sequence[str], others: Sequence[str] = ()) -> None:
        """Encode the texts, which takes 0.3 ms each.

        Args:
            encode: the sentence encoder.
            texts: the texts that respelling and whitening follow.
            others: further texts that sentences are compared with.
        """
        self._encode, self._respelt = encode, Respelling(texts)
        vectors = encode(texts)
        self._mean = vectors.mean(axis=0)
        _left, spread, axes = np.linalg.svd(vectors - self._mean, full_matrices=False)
        kept = min(_DIMENSIONS, int((spread > 1e-6 * spread[0]).sum()))
        self._axes = axes[:kept].T / spread[:kept] ** _WHITENING
        self.texts = self._placed(np.concatenate([vectors, encode(others)]) if others else vectors)

    def __call__(self, sentence: str) -> list[float]:
        """Return the closeness, -1 to 1, of a recogniser's text to each text, then to each of the others."""
        return self.exactly(self.respelt(sentence))

    def exactly(self, sentence: str) -> list[float]:
        """Return the closeness of a sentence that needs no respelling."""
        closeness: list[float] = (self.texts @ self.meaning(sentence)).tolist()
        return closeness

    def respelt(self, sentence: str) -> str:
        """Return a recogniser's text with misread words replaced (`ivr.meaning.respelling`)."""
        return self._respelt(sentence)

    def meaning(self, sentence: str) -> Vectors:
        """Return the meaning of a sentence as a vector of length 1, to be compared with the rows of `texts`."""
        meaning: Vectors = self._placed(self._encode([sentence]))[0]
        return meaning

    def _placed(self, vectors: Vectors) -> Vectors:
        placed = (vectors - self._mean) @ self._axes
        lengths = np.linalg.norm(placed, axis=1, keepdims=True)
        of_length_one: Vectors = placed / np.maximum(lengths, 1e-9)
        return of_length_one
