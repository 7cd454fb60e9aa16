"""Makes examples of captured sounds with the recogniser's encoder and tokenizer."""

from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np
from tokenizers import Tokenizer

from ivr.speech import mel
from ivr.speech.recognizers.whisper import COLUMNS, SENTENCE_BEFORE, START
from ivr.speech.sound import Samples, for_models
from trials.bench.speech.adaptation.captured_sounds import CapturedSound
from trials.bench.speech.adaptation.training_example import Heard, TrainingExample


def fits(captured: CapturedSound) -> bool:
    """Return whether a sound can be an example: it has all that was said, and the encoder's window holds it."""
    return captured.is_whole and len(for_models(captured.samples)) <= COLUMNS * mel.HOP


class ExampleMaker:
    """The recogniser's encoder and tokenizer."""

    def __init__(self, model_folder: Path) -> None:
        """Load them as the hotline does."""
        self._model = ctranslate2.models.Whisper(
            str(model_folder), compute_type="int8", intra_threads=1, inter_threads=1
        )
        self._tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))

    def prompts(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the tokens before a text: with the sentence before, as readings have it, and without it."""
        start = [self._special(name) for name in (*START, "notimestamps")]
        return [self._special("startofprev"), *self._tokens(SENTENCE_BEFORE), *start], start

    def example(self, captured: CapturedSound) -> TrainingExample:
        """Return a captured sound, which `fits`, as an example."""
        tokens = *self._tokens(captured.take.utterance.text), self._special("endoftext")
        return TrainingExample(self._heard(for_models(captured.samples)), tokens)

    def _heard(self, sound: Samples) -> Heard:
        """Return what is heard of a sound, and of the silence behind it, without which texts do not end."""
        spectrogram = mel.log_mel_spectrogram(sound, COLUMNS)[None]
        heard: Heard = np.array(self._model.encode(ctranslate2.StorageView.from_array(spectrogram)))[0].astype(
            np.float16
        )
        return heard

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _special(self, name: str) -> int:
        token = self._tokenizer.token_to_id(f"<|{name}|>")
        if token is None:
            raise ValueError(f"the tokenizer knows no {name}: run ivr speech install")
        return token
