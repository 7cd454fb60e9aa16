"""The backlog of a recogniser with one caller's sound, and whether the caller waits too long. Pure."""

from collections import deque
from dataclasses import dataclass

PATIENCE = 2.5
"""Seconds that a caller's words may wait for the recogniser, because nobody may be held for 3 s."""

_LOUD = 500  # of 32767; the peaks of speech at -37 dBov, the faintest that is taken for the caller's, are beyond


@dataclass(frozen=True, slots=True)
class _Frame:
    end: int  # bytes given up to its end
    at: float  # seconds: when it was given
    is_loud: bool


class Backlog:
    """The sound of one recognition: what the recogniser was given, and what of it is done."""

    def __init__(self) -> None:
        """Nothing was given yet."""
        self.speaking = False  # as the recogniser sees it: the caller is in the middle of an utterance
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
        """Bytes of them that are not done."""
        return self._given - self._done

    def may_have_words(self, until: int) -> bool:
        """Return whether the first ``until`` bytes may have words of the caller that are not done."""
        return any(frame.end <= until and (self.speaking or frame.is_loud) for frame in self._waiting)

    def is_late(self, now: float, patience: float = PATIENCE) -> bool:
        """Return whether the caller's words wait for the recogniser too long. A silent caller waits for nothing."""
        since = next((frame.at for frame in self._waiting if self.speaking or frame.is_loud), now)
        return now - since >= patience
