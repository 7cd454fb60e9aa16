"""Cuts a caller's speech into utterances, for a recogniser that reads whole utterances.

A pause in the speech may be its end, so that its reading begins at once. The reading is done in steps: if the speech
goes on, the steps that are left are dropped.
"""

from collections import deque
from collections.abc import Callable, Generator

import numpy as np

from ivr.speech.recognizer import RATE, ListenerWork, RecognizedUtterance
from ivr.speech.sound import Samples, for_models, samples
from ivr.speech.turn import Background, Turn, TurnChange
from ivr.speech.voice_activity import CHUNK, VoiceStream

_LEAD = 0.3  # seconds before the first chunk that was taken for speech

ReadingSteps = Generator[None, None, RecognizedUtterance | None]
"""Reads an utterance, a step at a time; the last step returns it, or None if there is no speech in it."""


class UtteranceReading:
    """The reading of one utterance."""

    def __init__(self, steps: ReadingSteps) -> None:
        """Begin; no step is done yet."""
        self._steps = steps
        self.is_done = False
        self.heard: RecognizedUtterance | None = None  # once it is done

    def step(self) -> None:
        """Do the next step."""
        try:
            next(self._steps)
        except StopIteration as end:
            self.is_done, self.heard = True, end.value


class UtteranceListener:
    """One caller."""

    def __init__(
        self,
        voice: VoiceStream,
        read: Callable[[Samples], ReadingSteps],
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
        self._voice, self._read, self._is_whole, self._is_echo = voice, read, is_whole, is_echo
        self._fed = 0  # samples
        self._turn = Turn(background)
        self._waiting: Samples = np.zeros(0, dtype=np.float32)  # less than a chunk
        self._chunks: list[Samples] = []
        self._early: UtteranceReading | None = None  # of the utterance up to the pause
        self._due: deque[UtteranceReading] = deque()  # of utterances that are over

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of an utterance, or an utterance is still being read."""
        return self._turn.speaking or bool(self._due)

    @property
    def work(self) -> ListenerWork:
        """Readings that are not done."""
        if self._due:
            return ListenerWork.DUE
        return ListenerWork.EARLY if self._early and not self._early.is_done else ListenerWork.NONE

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

    def step(self) -> RecognizedUtterance | None:
        """Do a step of the reading; return the utterance if its reading is done and the caller has stopped."""
        if self._due:
            self._due[0].step()
            return self._due.popleft().heard if self._due[0].is_done else None
        if self._early and not self._early.is_done:
            self._early.step()
            if self._early.heard:
                self._turn.looked(complete=self._is_whole(self._early.heard.text))
        return None

    def _chunk(self, chunk: Samples) -> RecognizedUtterance | None:
        if not self._turn.speaking:
            self._chunks = self._chunks[-int(_LEAD * RATE / CHUNK) :]
        self._chunks.append(chunk)
        self._fed += len(chunk)
        match self._turn.feed(self._voice.likelihood(chunk), float(np.mean(chunk**2))):
            case TurnChange.PAUSES:
                self._early = self._begin_reading()
            case TurnChange.BEGINS | TurnChange.GOES_ON:
                self._early = None
            case TurnChange.ENDS:
                reading, self._early = self._early or self._begin_reading(), None
                if reading.is_done and not self._due:
                    return reading.heard
                self._due.append(reading)
        return None

    def _begin_reading(self) -> UtteranceReading:
        return UtteranceReading(self._steps(np.concatenate(self._chunks), self._fed))

    def _steps(self, sound: Samples, fed: int) -> ReadingSteps:
        if self._is_echo(sound, (fed - len(sound)) / RATE):
            return None
        return (yield from self._read(for_models(sound)))
