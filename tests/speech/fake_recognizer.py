"""The process of a fake recogniser: a script whose argument is the name of a fault, or empty.

The text of an utterance is the name of the vocabulary and the milliseconds of loud sound; quiet sound ends it.
"""

import os
import signal
import sys
import time

from ivr.speech import worker
from ivr.speech.recognizer import RATE, Listener, ListenerWork, RecognizedUtterance, Recognizer, Timelines, Vocabulary

FAULT = sys.argv[1]
LOUD = 1000
PHRASE, EVIDENCE = "护照", -1.25
READING, BUSY_READINGS = 1.3, 4  # seconds of a reading while the machine is busy; readings until it is not busy
CRY, CRY_EVIDENCE = "有小偷", -30.5


class FakeListener:
    slow = 3  # pieces of loud sound that a slow recogniser reads slowly
    work = ListenerWork.NONE

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._name = vocabulary.name
        self._loud = 0

    @property
    def speaking(self) -> bool:
        return self._loud > 0

    def feed(self, frames: bytes) -> RecognizedUtterance | None:
        samples = memoryview(frames[: len(frames) // 2 * 2]).cast("h")
        if any(abs(sample) > LOUD for sample in samples):
            self._misbehave()
            self._loud += len(frames) // 2
            return None
        loud, self._loud = self._loud, 0
        if not loud:
            return None
        return RecognizedUtterance(
            f"{self._name} {loud * 1000 // RATE}", 0.9, 0.01, PHRASE, EVIDENCE, CRY, CRY_EVIDENCE
        )

    def step(self) -> RecognizedUtterance | None:
        raise NotImplementedError

    def _misbehave(self) -> None:
        match FAULT:
            case "dies":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "slow" if FakeListener.slow:
                FakeListener.slow -= 1
                time.sleep(1.2)
            case "hangs":
                time.sleep(3600)
            case "raises":
                raise ValueError("bad sound")


class Fake:
    name = "fake"
    _timed_readings = 0

    def listen(self, vocabulary: Vocabulary, _played: Timelines, _before: Listener | None) -> FakeListener:
        return FakeListener(vocabulary)

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return vocabulary.phrases[:1]

    def read_sample(self, _sound: bytes, _vocabulary: Vocabulary) -> None:
        if FAULT == "busy" and self._timed_readings < BUSY_READINGS:
            self._timed_readings += 1
            time.sleep(READING)


def load(*_found: object) -> Recognizer:
    return Fake()


if __name__ == "__main__":
    if FAULT == "never":
        time.sleep(3600)
    worker.model_search.load = load
    sys.argv[1:] = ["fake", "no-folder"]
    worker.main()
