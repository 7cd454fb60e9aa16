"""How strongly a sound speaks for a phrase: how much likelier it makes it than silence does.

A model that writes prefers common words whatever it hears; what it expects of silence is taken off (an estimate of its
internal language model: Meng et al. 2021, "Internal Language Model Estimation"). What is left is comparable between
phrases, and between callers.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import ctranslate2
import numpy as np

from ivr.speech import mel
from ivr.speech.recognizers.expected import Kept
from ivr.speech.recognizers.phrases import syllables
from ivr.speech.recognizers.tokens import Tokens

_EXPECTED = 0.7  # share of what the model expects anyway that is taken off; chosen on voices the bench does not have
_LEAST = 1e-9  # likelihood of a token that is taken for none


class Evidence:
    """The evidence for phrases in a sound, by one model."""

    def __init__(
        self, model: ctranslate2.models.Whisper, file: Path, tokens: Tokens, task: Sequence[int], columns: int
    ) -> None:
        """``file`` is the model's; ``task`` are the tokens before an answer.

        Silence is a picture of ``columns``, as a short sound is.
        """
        self._model, self._tokens, self._task = model, tokens, list(task)
        silence = mel.picture(np.zeros(mel.RATE, dtype=np.float32), columns)
        self._silence = model.encode(ctranslate2.StorageView.from_array(silence[None]))
        self._kept = Kept(file, silence.tobytes(), str(self._task).encode())
        self._expected = self._kept.read()

    def unexpected(self, phrases: Iterable[str]) -> list[str]:
        """Return those of these that `expect` has to find something out for."""
        return [phrase for phrase in phrases if phrase not in self._expected]

    def expect(self, phrases: Iterable[str]) -> None:
        """Find out beforehand what the model expects of these: half of what `of` takes at their first time."""
        self._expected |= self._likelihoods(self._silence, self.unexpected(phrases))

    def keep(self) -> None:
        """Keep what was found out beside the model, for the next start, unless all of it is there already."""
        if self._expected != self._kept.read():
            self._kept.write(self._expected)

    def of(self, sound: ctranslate2.StorageView, phrases: Sequence[str], length: int) -> Mapping[str, float]:
        """Return the evidence for each phrase in an encoded sound of about ``length`` syllables, in nats a syllable.

        Where it speaks for a phrase, what the phrase leaves unsaid counts against it.
        """
        self.expect(phrases)
        likelihoods = self._likelihoods(sound, phrases)
        return {
            phrase: _of_all(likelihoods[phrase] - _EXPECTED * self._expected[phrase], syllables(phrase), length)
            for phrase in phrases
        }

    def _likelihoods(self, sound: ctranslate2.StorageView, texts: Sequence[str]) -> dict[str, float]:
        """Return the logarithm of each text's likelihood, for one syllable."""
        if not texts:
            return {}
        sounds = ctranslate2.StorageView.from_array(np.repeat(np.array(sound), len(texts), axis=0))
        tokens = [self._tokens.encode(text) for text in texts]
        results = self._model.align(sounds, self._task, tokens, [sounds.shape[1]] * len(texts))
        return {
            text: sum(math.log(max(one, _LEAST)) for one in result.text_token_probs) / max(1, syllables(text))
            for text, result in zip(texts, results, strict=True)
        }


def _of_all(evidence: float, said: int, length: int) -> float:
    return evidence * said / max(said, length) if evidence > 0 else evidence
