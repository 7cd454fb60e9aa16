"""Texts that have owners, and the owner to whom they assign a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.meaning.comparison import Comparison, TextMeanings, text_meanings
from ivr.meaning.encoder import Encode
from ivr.meaning.learnt import Learnt, LearntTexts


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """Known texts with their owners."""

    texts: Sequence[str]  # compared by meaning and by sound
    others: Sequence[str]  # compared by meaning alone
    owners: Sequence[Sequence[int]]  # of each text, then of each of the others, counted from 0


@dataclass(frozen=True, slots=True)
class TextWeights:
    """The vectors of known texts and the weights learnt from them; the same for the same texts."""

    meanings: TextMeanings
    learnt: Learnt


def text_weights(encode: Encode, known: KnownTexts) -> TextWeights:
    """Encode the texts, and learn their owners, which takes some seconds for four thousand texts."""
    meanings = text_meanings(encode, known.texts, known.others)
    return TextWeights(meanings, LearntTexts((*known.texts, *known.others), meanings.rows, known.owners).learnt)


class OwnedTexts:
    """Known texts, ready to be compared."""

    def __init__(self, encode: Encode, known: KnownTexts, weights: TextWeights) -> None:
        """Make ready; ``weights`` are of the same texts and by the same encoder."""
        self._comparison = Comparison(encode, known.texts, weights.meanings)
        self._learnt = weights.learnt

    def __call__(self, sentence: str) -> tuple[list[float], list[float]]:
        """Compare a recogniser's text with all texts.

        Returns:
            The closeness to each text, then to each of the others, -1 to 1; and the share of each owner, as
            `Learnt.__call__` returns it.
        """
        respelt = self._comparison.respelt(sentence)
        meaning = self._comparison.meaning(respelt)
        return self._comparison.to(meaning), self._learnt(respelt, meaning)
