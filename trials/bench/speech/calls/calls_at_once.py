"""The number of calls that the machine holds at once: fewer while it is too slow, then more again. Pure."""

from typing import Self

from trials.bench.speech.calls.conversation import NO_RECOGNIZER, TOO_SLOW, Record

MOST = 12
"""Calls at once: with the recognisers, the phones and Asterisk less than two cores, if a reading takes `_READING`."""

_READING = 0.4  # seconds
_LEAST = 2
_TRIES = 3  # repetitions of one call for which the machine was too slow
_IN_TIME = 10  # calls in a row for which the machine was quick enough, before one more call at once is tried


class CallsAtOnce:
    """The calls at once, and those that are placed again.

    Attributes:
        first: how many calls at once the bench began with.
        at_once: how many it has now.
        again: how many calls were placed again.
    """

    def __init__(self, first: int) -> None:
        """Begin with so many."""
        self.first = self.at_once = first
        self.again = self._in_time = 0
        self._tries: dict[str, int] = {}

    @classmethod
    def most(cls, reading_time: float) -> Self:
        """Return as many as the machine can hold; ``reading_time`` is the seconds that a reading takes on it."""
        return cls(max(_LEAST, min(MOST, int(MOST * _READING / max(reading_time, 0.01)))))

    def is_placed_again(self, record: Record) -> bool:
        """Return whether a call that has ended is placed again, and adapt the number of calls at once."""
        caller = record.trial.caller
        self._tries[caller] = self._tries.get(caller, 0) + 1
        if record.problem not in (TOO_SLOW, NO_RECOGNIZER) or self._tries[caller] == _TRIES:
            self._hold_more()
            return False
        self.again += 1
        self._in_time = 0
        self.at_once = max(min(_LEAST, self.first), self.at_once - 1)
        return True

    def _hold_more(self) -> None:
        self._in_time += 1
        if self._in_time == _IN_TIME:
            self._in_time, self.at_once = 0, min(self.first, self.at_once + 1)
