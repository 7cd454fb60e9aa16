"""What known texts teach about who owns a sentence: ridge regression on meaning and sound (Hoerl and Kennard 1970).

The closest text says little where many texts are about as close. Learnt weights say which parts of meaning and sound
tell the owners apart: all of an owner's texts together, and those of all others against it.
"""

import math
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from ivr.meaning.encoder import Vectors
from ivr.phonetics.sound_terms import sound_terms

_TERMS = 1024  # dimensions that the terms of sound are spread over (Weinberger et al. 2009, "Feature Hashing")
_MEANING = 0.7  # weight of the meaning beside the sound
_SYLLABLE = 0.5  # weight of a syllable beside two in a row
_RIDGE = 1.0


class Learnt:
    """The weights of each owner."""

    def __init__(self, texts: Sequence[str], meanings: Vectors, owners: Sequence[Sequence[int]]) -> None:
        """Learn: some hundred milliseconds for a thousand texts.

        Args:
            texts: what is known.
            meanings: a row of length 1 for each text.
            owners: the owners of each text, from 0 on; a text of several owners counts for each in part.
        """
        terms = [sound_terms(text) for text in texts]
        counted = Counter(term for each in terms for term in set(each))
        self._weights = {term: math.log(len(texts) / times) for term, times in counted.items()}
        figures = self._figures(terms, meanings)
        owned = np.zeros((len(texts), 1 + max(owner for of_text in owners for owner in of_text)), np.float32)
        for row, of_text in enumerate(owners):
            owned[row, list(of_text)] = 1 / len(of_text)
        curvature = figures.T @ figures + _RIDGE * np.eye(figures.shape[1], dtype=np.float32)
        self._coefficients = np.linalg.solve(curvature, figures.T @ owned)
        self._curvature, self._known, self._owned = curvature, figures, owned

    def __call__(self, text: str, meaning: Vectors) -> list[float]:
        """Return how much speaks for each owner of a sentence: about 1 for all, about 0 for nothing."""
        shares: list[float] = (self._figures([sound_terms(text)], meaning[None])[0] @ self._coefficients).tolist()
        return shares

    def without(self, row: int) -> list[float]:
        """Return the same of one of the texts, as if it had not been learnt from."""
        figures = self._known[row]
        leverage = float(figures @ np.linalg.solve(self._curvature, figures))
        learnt: list[float] = (
            (figures @ self._coefficients - leverage * self._owned[row]) / max(1e-3, 1 - leverage)
        ).tolist()
        return learnt

    def _figures(self, terms: Sequence[Sequence[str]], meanings: Vectors) -> Vectors:
        sound = np.zeros((len(terms), _TERMS), np.float32)
        for row, each in enumerate(terms):
            for term in each:
                place = zlib.crc32(term.encode())
                sign = 1 if place & 1 << 31 else -1
                weight = self._weights.get(term, 0.0) * (1 if " " in term else _SYLLABLE)
                sound[row, place % _TERMS] += sign * weight
        lengths = np.linalg.norm(sound, axis=1, keepdims=True)
        figures: Vectors = np.concatenate([_MEANING * meanings, sound / np.maximum(lengths, 1e-9)], axis=1)
        return figures
