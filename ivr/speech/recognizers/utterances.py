"""Cuts a caller's speech into utterances, for a recogniser that reads whole utterances."""

from collections.abc import Callable

import numpy as np

from ivr.speech.recognizer import RATE, RecognizedUtterance
from ivr.speech.sound import Samples, for_models, samples
from ivr.speech.turn import Background, Turn, TurnChange
from ivr.speech.voice_activity import CHUNK, VoiceStream

_LEAD = 0.3  # seconds before the first chunk that was taken for speech


class UtteranceListener:
    """One caller."""

    def __init__(
        self,
        voice: VoiceStream,
        read: Callable[[Samples], RecognizedUtterance | None],
        is_whole: Callable[[str], bool],
        is_echo: Callable[[Samples, float], bool],
        background: Background | None = None,
    ) -> None:
        """Start in silence.

        Args:
            voice: the caller's stream through the voice detector.
            read: reads an utterance at `MODEL_RATE`.
            is_whole: tells whether a text is complete.
            is_echo: tells whether an utterance is the echo of a prompt, from its sound at `RATE` and the seconds until
                it began.
            background: the background of the caller's line at earlier questions.
        """
        self._voice, self._read_all, self._is_whole, self._is_echo = voice, read, is_whole, is_echo
        self._fed = 0  # samples
        self._turn = Turn(background)
        self._waiting: Samples = np.zeros(0, dtype=np.float32)  # less than a chunk
        self._chunks: list[Samples] = []
        self._seen: RecognizedUtterance | None = None
        self._looked = False

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of an utterance."""
        return self._turn.speaking

    @property
    def background(self) -> Background:
        """The background of the caller's line."""
        return self._turn.background

    def feed(self, frames: bytes) -> RecognizedUtterance | None:
        """Take in more sound; return the utterance after the caller has paused for long enough."""
        self._waiting = np.concatenate([self._waiting, samples(frames)])
        heard = None
        while len(self._waiting) >= CHUNK:
            chunk, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
            heard = self._chunk(chunk) or heard
        return heard

    def _chunk(self, chunk: Samples) -> RecognizedUtterance | None:
        if not self.speaking:
            self._chunks = self._chunks[-int(_LEAD * RATE / CHUNK) :]
        self._chunks.append(chunk)
        self._fed += len(chunk)
        match self._turn.feed(self._voice.likelihood(chunk), float(np.mean(chunk**2))):
            case TurnChange.PAUSES:
                self._seen, self._looked = self._read(), True
                self._turn.looked(complete=self._seen is not None and self._is_whole(self._seen.text))
            case TurnChange.BEGINS | TurnChange.GOES_ON:
                self._seen, self._looked = None, False
            case TurnChange.ENDS:
                return self._seen if self._looked else self._read()
        return None

    def _read(self) -> RecognizedUtterance | None:
        sound = np.concatenate(self._chunks)
        if self._is_echo(sound, (self._fed - len(sound)) / RATE):
            return None
        return self._read_all(for_models(sound))
