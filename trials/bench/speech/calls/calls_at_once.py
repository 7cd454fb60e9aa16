"""How many calls the machine holds at once: fewer if it does not keep up. Pure."""

from trials.bench.speech.calls.conversation import NO_RECOGNIZER, TOO_SLOW, Record

MOST = 12
"""Calls at once: with the recognisers, the phones and Asterisk less than two cores, if a reading takes `_READING`."""

_READING = 0.4  # seconds
_LEAST = 2
_TRIES = 3  # of one call, for which the machine was too slow each time


class CallsAtOnce:
    """The calls at once, and those that are placed again.

    Attributes:
        first: how many calls at once the bench began with.
        at_once: how many it has now.
        again: how many calls were placed again.
    """

    def __init__(self, reading_time: float) -> None:
        """Begin with as many as the machine can hold; ``reading_time`` is the seconds that a reading takes on it."""
        self.first = self.at_once = max(_LEAST, min(MOST, int(MOST * _READING / max(reading_time, 0.01))))
        self.again = 0
        self._tries: dict[str, int] = {}

    def is_placed_again(self, record: Record) -> bool:
        """Tell whether a call that is over is placed again; if so, take note that the machine holds fewer."""
        caller = record.trial.caller
        self._tries[caller] = self._tries.get(caller, 0) + 1
        if record.problem not in (TOO_SLOW, NO_RECOGNIZER) or self._tries[caller] == _TRIES:
            return False
        self.again += 1
        self.at_once = max(_LEAST, self.at_once - 1)
        return True
