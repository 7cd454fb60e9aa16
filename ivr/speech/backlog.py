"""The backlog of a recogniser with one caller's sound, and whether the caller waits too long. Pure."""

from collections import deque
from dataclasses import dataclass

PATIENCE = 2.5
"""Seconds that a caller's words may wait for the recogniser, because no caller may wait 3 s for an answer."""

_LOUD = 500  # of 32767; speech at -37 dBov, the faintest that counts as the caller's, has higher peaks


@dataclass(frozen=True, slots=True)
class _Frame:
    end: int  # bytes that the recogniser was given up to the end of this frame
    at: float  # seconds: when the recogniser was given the frame
    is_loud: bool


class Backlog:
    """The sound of one recognition: how much the recogniser was given, and how much it has processed."""

    def __init__(self) -> None:
        """Begin without sound."""
        self.speaking = False  # whether the recogniser has heard the beginning of an utterance, and not its end
        self._given = self._done = 0  # bytes
        self._waiting: deque[_Frame] = deque()

    def give(self, frames: bytes, at: float) -> None:
        """Note the sound that the recogniser was given: signed, 16 bits, of this machine's byte order."""
        self._given += len(frames)
        samples = memoryview(frames[: len(frames) // 2 * 2]).cast("h")
        is_loud = bool(samples) and (max(samples) > _LOUD or min(samples) < -_LOUD)
        self._waiting.append(_Frame(self._given, at, is_loud))

    def finish(self, done: int) -> None:
        """Note that the recogniser has processed the first ``done`` bytes."""
        self._done = done
        while self._waiting and self._waiting[0].end <= done:
            self._waiting.popleft()

    @property
    def given(self) -> int:
        """Bytes that the recogniser was given."""
        return self._given

    @property
    def waiting(self) -> int:
        """Bytes that the recogniser was given and has not processed."""
        return self._given - self._done

    def may_have_words(self, until: int) -> bool:
        """Return whether the first ``until`` bytes may hold words of the caller that are not processed."""
        return any(frame.end <= until and (self.speaking or frame.is_loud) for frame in self._waiting)

    def is_late(self, now: float, patience: float = PATIENCE) -> bool:
        """Return whether the caller's words have waited for the recogniser too long; silence never counts."""
        since = next((frame.at for frame in self._waiting if self.speaking or frame.is_loud), now)
        return now - since >= patience
