"""Whisper through ctranslate2: waits for the end of an utterance, then reads it whole, the vocabulary in mind."""

import math
import re
import time
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np

from ivr.speech import mel
from ivr.speech.recognizer import Heard, Vocabulary
from ivr.speech.recognizers.tokens import Tokens
from ivr.speech.sound import Doubler, Samples
from ivr.speech.turn import Change, Turn
from ivr.speech.voice import CHUNK, VoiceModel, VoiceStream

_TASK = ("startoftranscript", "zh", "transcribe", "notimestamps")
_COLUMNS = 600  # 6 s: a fifth of what Whisper was trained on costs a fifth, and reads short utterances better
_LONG = 900  # for what does not fit
_LEAD = 0.3  # seconds before the first chunk that was taken for speech
_PROMPT = 150  # tokens of vocabulary; Whisper can take 223, and each costs time
_ANSWER = 40  # tokens of answer; nobody says more in 6 s
_SURE_OF_NOISE = 0.6  # likelihood of no speech above which nothing was said
_GARBLED = 0.25  # score below which noise was taken for speech


class Whisper:
    """A Whisper model, on one core."""

    def __init__(self, folder: Path, voice: Path) -> None:
        """Load from a folder with model.bin, config.json, tokenizer.json and vocabulary.json, and silero's file."""
        self.name = folder.name
        self._model = ctranslate2.models.Whisper(str(folder), compute_type="int8", intra_threads=1, inter_threads=1)
        self._tokens = Tokens(folder / "tokenizer.json")
        self._voice = VoiceModel(voice)
        self._begin = [self._tokens.special(f"<|{name}|>") for name in _TASK]
        self.read(np.zeros(mel.RATE, dtype=np.float32), self.prompt(()))  # the first time is slow

    def listen(self, vocabulary: Vocabulary) -> "WhisperListener":
        """Begin to listen to a caller."""
        return WhisperListener(self, self._voice.stream(), vocabulary)

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return nothing: it can spell whatever it hears."""
        del vocabulary
        return ()

    def prompt(self, phrases: Sequence[str]) -> list[int]:
        """Return the tokens that come before the answer: as many of the phrases as fit, then the task."""
        known: list[int] = []
        for phrase in phrases:
            tokens = self._tokens.encode(f"{phrase}。")
            if len(known) + len(tokens) > _PROMPT:
                break
            known += tokens
        return [self._tokens.special("<|startofprev|>"), *known, *self._begin] if known else self._begin

    def read(self, samples: Samples, prompt: list[int]) -> Heard | None:
        """Return what is said in ``samples`` (at 16,000 a second), or None where nothing is said."""
        began = time.perf_counter()
        columns = _COLUMNS if len(samples) <= _COLUMNS * mel.HOP else _LONG
        features = ctranslate2.StorageView.from_array(mel.picture(samples, columns)[None])
        (result,) = self._model.generate(
            features,
            [prompt],
            beam_size=1,
            max_length=len(prompt) + _ANSWER,
            return_scores=True,
            return_no_speech_prob=True,
        )
        score = math.exp(result.scores[0])
        text = once(self._tokens.decode(result.sequences_ids[0]))
        if not text or result.no_speech_prob > _SURE_OF_NOISE or score < _GARBLED:
            return None
        return Heard(text, score, time.perf_counter() - began)


class WhisperListener:
    """One caller."""

    def __init__(self, whisper: Whisper, voice: VoiceStream, vocabulary: Vocabulary) -> None:
        """Begin in silence."""
        self._whisper, self._voice = whisper, voice
        self._phrases = frozenset(vocabulary.phrases)
        self._prompt = whisper.prompt(vocabulary.phrases)
        self._doubler, self._turn = Doubler(), Turn()
        self._waiting: Samples = np.zeros(0, dtype=np.float32)  # less than a chunk
        self._chunks: list[Samples] = []
        self._seen: Heard | None = None
        self._looked = False

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of saying something."""
        return self._turn.speaking

    def feed(self, frames: bytes) -> Heard | None:
        """Take in more sound; return what was said once the caller has paused for long enough."""
        self._waiting = np.concatenate([self._waiting, self._doubler.feed(frames)])
        heard = None
        while len(self._waiting) >= CHUNK:
            chunk, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
            heard = self._chunk(chunk) or heard
        return heard

    def _chunk(self, chunk: Samples) -> Heard | None:
        if not self.speaking:
            self._chunks = self._chunks[-int(_LEAD * mel.RATE / CHUNK) :]
        self._chunks.append(chunk)
        match self._turn.feed(self._voice.likelihood(chunk)):
            case Change.PAUSES:
                self._seen, self._looked = self._read(), True
                self._turn.looked(complete=self._seen is not None and self._seen.text in self._phrases)
            case Change.BEGINS | Change.GOES_ON:
                self._seen, self._looked = None, False
            case Change.ENDS:
                return self._seen if self._looked else self._read()
        return None

    def _read(self) -> Heard | None:
        return self._whisper.read(np.concatenate(self._chunks), self._prompt)


def once(text: str) -> str:
    """Return what a text says, without punctuation at its ends, and once: Whisper likes to say "不对，不对，不对"."""
    said = [part for part in re.split(r"[^\w%.-]+", text) if part]
    return "，".join(part for before, part in zip(["", *said], said, strict=False) if part != before)
