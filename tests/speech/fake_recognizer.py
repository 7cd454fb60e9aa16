"""The process of a fake recogniser: run as a script with the name of its fault, if it has one.

It hears a stretch of loud sound once quiet follows, as the number of its milliseconds; "shouting" is the menu it was
listening for.
"""

import os
import signal
import sys
import time

from ivr.speech import worker
from ivr.speech.recognizer import RATE, Listener, ListenerWork, RecognizedUtterance, Recognizer, Timelines, Vocabulary

WHAT = sys.argv[1]
LOUD = 1000
PHRASE, EVIDENCE = "护照", -1.25
READING, BUSY_READINGS = 1.3, 4  # seconds of a reading while the machine is busy, and how many take so long
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
        match WHAT:
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
    _readings = 0  # that were timed

    def listen(self, vocabulary: Vocabulary, _played: Timelines, _before: Listener | None) -> FakeListener:
        return FakeListener(vocabulary)

    def unknown(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return vocabulary.phrases[:1]

    def read_sample(self, _sound: bytes, _vocabulary: Vocabulary) -> None:
        if WHAT == "busy" and self._readings < BUSY_READINGS:
            self._readings += 1
            time.sleep(READING)


def load(*_found: object) -> Recognizer:
    return Fake()


if __name__ == "__main__":
    if WHAT == "never":
        time.sleep(3600)
    worker.model_search.load = load
    sys.argv[1:] = ["fake", "no-folder"]
    worker.main()
