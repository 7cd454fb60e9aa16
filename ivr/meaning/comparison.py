"""Sentences compared with a fixed list of texts."""

from collections.abc import Sequence

import numpy as np

from ivr.meaning.encoder import Encode, Vectors
from ivr.meaning.respelling import Respelling

_DIMENSIONS = 200  # that are kept: the rest of an encoder's dimensions is noise for so few texts
_WHITENING = 0.25  # 0 leaves the spread of the dimensions as it is, 0.5 makes it equal


class Comparison:
    """Texts whose closeness to any sentence can be asked for.

    What all the texts have in common is taken off first (mean and part of the variance; Su et al. 2021, "Whitening
    Sentence Representations"), because an encoder finds any two complaints to an office alike.
    """

    def __init__(self, encode: Encode, texts: Sequence[str], others: Sequence[str] = ()) -> None:
        """Encode the texts: 0.3 ms each. ``others`` are compared with, too, but neither common nor known by sound."""
        self._encode, self._respelt = encode, Respelling(texts)
        vectors = encode(texts)
        self._mean = vectors.mean(axis=0)
        _left, spread, axes = np.linalg.svd(vectors - self._mean, full_matrices=False)
        kept = min(_DIMENSIONS, int((spread > 1e-6 * spread[0]).sum()))
        self._axes = axes[:kept].T / spread[:kept] ** _WHITENING
        self.texts = self._placed(np.concatenate([vectors, encode(others)]) if others else vectors)

    def __call__(self, sentence: str) -> list[float]:
        """Return the closeness of what a recogniser wrote to each text, then to each of the others: -1 to 1."""
        return self.exactly(self.respelt(sentence))

    def exactly(self, sentence: str) -> list[float]:
        """Return the closeness of a sentence that is written as it is meant."""
        closeness: list[float] = (self.texts @ self.meaning(sentence)).tolist()
        return closeness

    def respelt(self, sentence: str) -> str:
        """Return what a recogniser wrote with the words that it likely heard."""
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
