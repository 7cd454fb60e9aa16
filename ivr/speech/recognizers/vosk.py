"""vosk (Kaldi): decodes while the caller speaks, with a grammar of the vocabulary's phrases."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import soxr
import vosk
from vosk import KaldiRecognizer, Model

from ivr.speech import words
from ivr.speech.recognizer import RATE, Listener, ListenerWork, RecognizedUtterance, Timelines, Vocabulary
from ivr.speech.sound import MODEL_RATE
from ivr.texts import _

_OTHER = "[unk]"  # vosk's word for speech outside the grammar
_STEADY = RATE // 4  # samples for which a phrase must stay the same to be certain before the end of the utterance


class Vosk:
    """A vosk model, which its listeners share."""

    def __init__(self, folder: Path) -> None:
        """Load a model folder."""
        vosk.SetLogLevel(-1)
        self.name = folder.name
        self._model = Model(str(folder))

    def listen(self, vocabulary: Vocabulary, played: Timelines = (), before: Listener | None = None) -> "VoskListener":
        """Begin to listen to a caller. Echoes are not detected; only the grammar keeps prompts out.

        Raises:
            ValueError: the model knows no phrase of the vocabulary. vosk would crash.
        """
        del played, before
        spoken: dict[str, str] = {}  # the words of a phrase → the phrase
        for phrase in vocabulary.phrases:
            if known_words := words.split(phrase, self._knows):
                spoken.setdefault(" ".join(known_words), phrase)
        if not spoken:
            raise ValueError(_("{model} knows no phrase of {name}").format(model=self.name, name=vocabulary.name))
        return VoskListener(self._model, spoken, [_OTHER] if self._knows(_OTHER) else [])

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return the phrases with words that the model does not know, because vosk drops them without a message."""
        return tuple(phrase for phrase in vocabulary.phrases if not words.split(phrase, self._knows))

    def read_sample(self, sound: bytes, vocabulary: Vocabulary) -> None:
        """Decode an utterance, unless the model knows no phrase, because it decodes far slower without a grammar."""
        try:
            listener = self.listen(vocabulary)
        except ValueError:
            return
        listener.feed(sound)

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)


class VoskListener:
    """One caller."""

    def __init__(self, model: Model, spoken: Mapping[str, str], besides: list[str]) -> None:
        """``spoken`` gives the phrase for each sequence of words, with a space between them."""
        grammar = json.dumps([*spoken, *besides], ensure_ascii=False)  # vosk does not read escapes
        self._recognizer = KaldiRecognizer(model, MODEL_RATE, grammar)
        self._recognizer.SetWords(True)
        self._spoken = spoken
        # Most models refuse 8 kHz. The low quality delays sound by 60 ms, the high quality by 210 ms.
        self._upsampler = soxr.ResampleStream(RATE, MODEL_RATE, 1, dtype="int16", quality="HQ")
        self._partial, self._steady = "", 0

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of an utterance."""
        return bool(self._partial)

    @property
    def work(self) -> ListenerWork:
        """None, because sound is decoded as it comes."""
        return ListenerWork.NONE

    def feed(self, frames: bytes) -> RecognizedUtterance | None:
        """Take in more sound; return a phrase as soon as it is certain, or the utterance after a pause."""
        began = time.perf_counter()
        sound = np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2")
        if self._recognizer.AcceptWaveform(self._upsampler.resample_chunk(sound).astype("<i2").tobytes()):
            self._partial, self._steady = "", 0
            return self._heard(json.loads(self._recognizer.Result()), began)
        partial = str(json.loads(self._recognizer.PartialResult())["partial"])
        self._steady = self._steady + len(frames) // 2 if partial == self._partial else 0
        self._partial = partial
        if self._steady >= _STEADY and self._is_certain(partial):
            self._partial, self._steady = "", 0
            return self._heard(json.loads(self._recognizer.FinalResult()), began)
        return None

    def step(self) -> RecognizedUtterance | None:
        """Return None, because there is never any work left."""
        return None

    def _is_certain(self, partial: str) -> bool:
        """Whether the partial result is a whole phrase, and no longer phrase begins with it."""
        return partial in self._spoken and not any(other.startswith(f"{partial} ") for other in self._spoken)

    def _heard(self, result: Mapping[str, Any], began: float) -> RecognizedUtterance | None:
        in_vocabulary = [word for word in result.get("result", ()) if word["word"] != _OTHER]
        if not in_vocabulary:
            return None
        text = " ".join(word["word"] for word in in_vocabulary)
        score = sum(word["conf"] for word in in_vocabulary) / len(result["result"])
        return RecognizedUtterance(self._spoken.get(text, text.replace(" ", "")), score, time.perf_counter() - began)
