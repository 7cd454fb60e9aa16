"""Texts that belong to somebody, and what they say of a sentence."""

from collections.abc import Sequence

from ivr.meaning.comparison import Comparison
from ivr.meaning.encoder import Encode
from ivr.meaning.learnt import Learnt


class OwnedTexts:
    """Known texts with their owners."""

    def __init__(
        self, encode: Encode, texts: Sequence[str], others: Sequence[str], owners: Sequence[Sequence[int]]
    ) -> None:
        """Make ready.

        Args:
            encode: the sentence encoder.
            texts: known by sound, too.
            others: known by meaning alone.
            owners: the owners of each of the texts, then of the others, from 0 on.
        """
        self._comparison = Comparison(encode, texts, others)
        self._learnt = Learnt((*texts, *others), self._comparison.texts, owners)

    def __call__(self, sentence: str) -> tuple[list[float], list[float]]:
        """Compare what a recogniser wrote.

        Returns:
            The closeness to each text, then to each of the others: -1 to 1. And how much speaks for each owner: about 1
            for all that can be said, about 0 for nothing.
        """
        respelt = self._comparison.respelt(sentence)
        meaning = self._comparison.meaning(respelt)
        return (self._comparison.texts @ meaning).tolist(), self._learnt(respelt, meaning)

    def without(self, row: int) -> list[float]:
        """Return how much speaks for each owner of one of the texts, as if it had not been known."""
        return self._learnt.without(row)
