"""Learns from known texts and their owners to which owner a sentence belongs, by ridge regression on meaning and sound
(Hoerl and Kennard 1970).

The closest text alone says little if many texts are almost as close. The learnt weights use all texts of an owner, and
the texts of all other owners as counterexamples.
"""

import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ivr.meaning.encoder import Vectors
from ivr.phonetics.sound_terms import sound_terms

_TERMS = 1024  # dimensions of the hashed terms of sound (Weinberger et al. 2009, "Feature Hashing")
_MEANING = 0.7  # weight of the meaning; the sound has 1
_SYLLABLE = 0.5  # weight of a single syllable; two in a row have 1
_RIDGE = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The weights of each owner."""

    terms: Mapping[str, float]  # the weight of each term of sound
    coefficients: Vectors  # a row for each figure, a column for each owner

    def __call__(self, text: str, meaning: Vectors) -> list[float]:
        """Return a share for each owner: about 1 if the sentence belongs to the owner, about 0 if it does not."""
        shares: list[float] = (_figures(self.terms, [sound_terms(text)], meaning[None])[0] @ self.coefficients).tolist()
        return shares


class LearntTexts:
    """Known texts with their owners, and the weights that are learnt from them."""

    def __init__(self, texts: Sequence[str], meanings: Vectors, owners: Sequence[Sequence[int]]) -> None:
        """Learn from the texts, which takes about a second for four thousand texts.

        Args:
            texts: the known texts.
            meanings: a row of length 1 for each text.
            owners: the owners of each text, counted from 0; a text of several owners counts in part for each.
        """
        terms = [sound_terms(text) for text in texts]
        counted = Counter(term for each in terms for term in set(each))
        weights = {term: math.log(len(texts) / times) for term, times in counted.items()}
        figures = _figures(weights, terms, meanings)
        owned = np.zeros((len(texts), 1 + max(owner for of_text in owners for owner in of_text)), np.float32)
        for row, of_text in enumerate(owners):
            owned[row, list(of_text)] = 1 / len(of_text)
        self._curvature = figures.T @ figures + _RIDGE * np.eye(figures.shape[1], dtype=np.float32)
        self._known, self._owned = figures, owned
        self.learnt = Learnt(weights, np.linalg.solve(self._curvature, figures.T @ owned))

    @cached_property
    def _inverse(self) -> Vectors:
        inverse: Vectors = np.linalg.inv(self._curvature).astype(np.float32)
        return inverse

    def without(self, rows: Sequence[int]) -> Learnt:
        """Return the weights as if these known texts had not been learnt (leave-group-out)."""
        left_out, coefficients = self._known[list(rows)], self.learnt.coefficients
        gain = self._inverse @ left_out.T
        missed = np.linalg.solve(
            np.eye(len(rows), dtype=np.float32) - left_out @ gain, self._owned[list(rows)] - left_out @ coefficients
        )
        return Learnt(self.learnt.terms, coefficients - gain @ missed)


def _figures(weights: Mapping[str, float], terms: Sequence[Sequence[str]], meanings: Vectors) -> Vectors:
    sound = np.zeros((len(terms), _TERMS), np.float32)
    for row, each in enumerate(terms):
        for term in each:
            place = zlib.crc32(term.encode())
            sign = 1 if place & 1 << 31 else -1
            sound[row, place % _TERMS] += sign * weights.get(term, 0.0) * (1 if " " in term else _SYLLABLE)
    lengths = np.linalg.norm(sound, axis=1, keepdims=True)
    figures: Vectors = np.concatenate([_MEANING * meanings, sound / np.maximum(lengths, 1e-9)], axis=1)
    return figures
