"""A recogniser's pool that takes note of when each caller's sound came and when it was understood."""

import time
from dataclasses import dataclass

import numpy as np

from ivr.speech.pool import Pool, Seat
from ivr.speech.process import Hearer
from ivr.speech.recognizer import Heard, Vocabulary

_LOUD = 200  # of 32768: above it somebody speaks


@dataclass(slots=True)
class Watch:
    """One caller; stands between the session and the recogniser, and passes everything on.

    All times are of `time.monotonic`.
    """

    hearer: Hearer
    seat: Seat | None = None
    begun: float = 0.0  # the first loud sound of the call came
    loud: float = 0.0  # the last one came
    heard: float = 0.0  # the recogniser said what it was
    deaf: bool = False

    @property
    def recognizer(self) -> str:
        """The recogniser's name."""
        return self._seat.recognizer

    def listen(self, vocabulary: Vocabulary) -> None:
        """Listen anew."""
        self._seat.listen(vocabulary)

    def feed(self, frames: bytes) -> None:
        """Pass on the caller's sound."""
        if np.abs(np.frombuffer(frames, "<i2").astype(np.int32)).max(initial=0) > _LOUD:
            self.loud = time.monotonic()
            self.begun = self.begun or self.loud
        self._seat.feed(frames)

    def leave(self) -> None:
        """Give the place back."""
        self._seat.leave()

    def on_heard(self, heard: Heard) -> None:
        """Pass on what was said."""
        self.heard = time.monotonic()
        self.hearer.on_heard(heard)

    def on_speaking(self, speaking: bool) -> None:
        """Pass it on."""
        self.hearer.on_speaking(speaking)

    def on_deaf(self) -> None:
        """Pass it on."""
        self.deaf = True
        self.hearer.on_deaf()

    @property
    def _seat(self) -> Seat:
        assert self.seat
        return self.seat


class WatchedPool(Pool):
    """A pool whose latest caller is `latest`."""

    latest: Watch | None = None

    def take(self, hearer: Hearer) -> Seat | None:
        """Take a caller on, and watch."""
        watch = Watch(hearer)
        watch.seat = super().take(watch)
        self.latest = watch if watch.seat else None
        return watch if watch.seat else None  # type: ignore[return-value]  # it does all that a seat does
