"""Texts that have owners, and the owner to whom they assign a sentence."""

from collections.abc import Sequence

from ivr.meaning.comparison import Comparison
from ivr.meaning.encoder import Encode
from ivr.meaning.learnt import Learnt


class OwnedTexts:
    """Known texts with their owners."""

    def __init__(
        self, encode: Encode, texts: Sequence[str], others: Sequence[str], owners: Sequence[Sequence[int]]
    ) -> None:
        """Encode the texts, and learn their owners.

        Args:
            encode: the sentence encoder.
            texts: texts that are compared by meaning and by sound.
            others: texts that are compared by meaning alone.
            owners: the owners of each text, then of each of the others, counted from 0.
        """
        self._comparison = Comparison(encode, texts, others)
        self._learnt = Learnt((*texts, *others), self._comparison.texts, owners)

    def __call__(self, sentence: str) -> tuple[list[float], list[float]]:
        """Compare a recogniser's text with all texts.

        Returns:
            The closeness to each text, then to each of the others, -1 to 1; and the share of each owner, as
            `Learnt.__call__` returns it.
        """
        respelt = self._comparison.respelt(sentence)
        meaning = self._comparison.meaning(respelt)
        return (self._comparison.texts @ meaning).tolist(), self._learnt(respelt, meaning)

    def without(self, row: int) -> list[float]:
        """Return the shares of the owners for a known text, as if it had not been learnt."""
        return self._learnt.without(row)
