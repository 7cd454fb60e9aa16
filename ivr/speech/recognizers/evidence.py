"""How strongly a sound speaks for a phrase: how much likelier it makes it than silence does.

A model that writes prefers common words whatever it hears; what it expects of silence is taken off (an estimate of its
internal language model: Meng et al. 2021, "Internal Language Model Estimation"). What is left is comparable between
phrases, and between callers.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from ivr.speech.recognizers.decoder import Decoder, LookedUp
from ivr.speech.recognizers.phrases import syllables
from ivr.speech.recognizers.tokens import Tokens

_EXPECTED = 0.7  # share of what the model expects anyway that is taken off; chosen on voices the bench does not have
_LEAST = math.log(1e-9)  # of a token that is taken for none


class Evidence:
    """The evidence for phrases in a sound, by one model."""

    def __init__(self, decoder: Decoder, tokens: Tokens, task: Sequence[int], silence: LookedUp) -> None:
        """``task`` are the tokens before an answer, ``silence`` is as long as a sound is."""
        self._decoder, self._tokens, self._task, self._silence = decoder, tokens, task, silence
        self._expected: dict[str, float] = {}

    def unexpected(self, phrases: Iterable[str]) -> list[str]:
        """Return those of these that `expect` has to find something out for."""
        return [phrase for phrase in phrases if phrase not in self._expected]

    def expect(self, phrases: Iterable[str]) -> None:
        """Find out beforehand what the model expects of these: half of what `of` takes at their first time."""
        self._expected |= self._likelihoods(self._silence, self.unexpected(phrases))

    def of(self, sound: LookedUp, phrases: Sequence[str], length: int) -> Mapping[str, float]:
        """Return the evidence for each phrase in a sound of about ``length`` syllables, in nats a syllable.

        Where it speaks for a phrase, what the phrase leaves unsaid counts against it.
        """
        self.expect(phrases)
        likelihoods = self._likelihoods(sound, phrases)
        return {
            phrase: _of_all(likelihoods[phrase] - _EXPECTED * self._expected[phrase], syllables(phrase), length)
            for phrase in phrases
        }

    def _likelihoods(self, sound: LookedUp, texts: Sequence[str]) -> dict[str, float]:
        """Return the logarithm of each text's likelihood, for one syllable."""
        if not texts:
            return {}
        found = self._decoder.likelihoods(sound, self._task, [self._tokens.encode(text) for text in texts])
        return {
            text: float(each.clip(min=_LEAST).sum()) / max(1, syllables(text))
            for text, each in zip(texts, found, strict=True)
        }


def _of_all(evidence: float, said: int, length: int) -> float:
    return evidence * said / max(said, length) if evidence > 0 else evidence
