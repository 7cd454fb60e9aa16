"""The recognisers' processes of one hotline, one for each core, and the callers that use them."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Self

from ivr.speech.backlog import PATIENCE
from ivr.speech.model_search import FoundRecognizer
from ivr.speech.process import RecognizerProcess, SpeechListener
from ivr.speech.recognizer import RATE, Timelines, Vocabulary

_PER_CORE = 2  # callers, if no other number is given


class RecognizerSlot:
    """A caller's place at a recogniser."""

    def __init__(self, process: RecognizerProcess, hearer: SpeechListener) -> None:
        """Take the place; `leave` gives it back."""
        self.recognizer = process.name
        self._process, self._hearer = process, hearer
        self._number = process.take(hearer)

    def listen(self, vocabulary: Vocabulary, played: Timelines) -> None:
        """Begin a recognition; results of the earlier one, also of sound that is still being decoded, are dropped."""
        before, self._number = self._number, self._process.take(self._hearer)
        self._process.listen(self._number, vocabulary, played, before)
        self._process.release(before)

    def feed(self, frames: bytes) -> None:
        """Pass on the caller's sound."""
        self._process.feed(self._number, frames)

    @property
    def given(self) -> int:
        """Bytes of sound that the recogniser was given since the recognition began."""
        backlog = self._process.backlog(self._number)
        return backlog.given if backlog else 0

    def may_have_words(self, until: int) -> bool:
        """Return whether the first ``until`` bytes may hold words that the recogniser has not processed yet."""
        backlog = self._process.backlog(self._number)
        return backlog is not None and backlog.may_have_words(until)

    def leave(self) -> None:
        """Give the place back; safe to repeat."""
        self._process.release(self._number)


class Pool:
    """All recognisers; entering the context starts their processes, which load the models later."""

    def __init__(self, command: Sequence[str], callers: int | None = None, patience: float = PATIENCE) -> None:
        """Make a process for each core, and no more processes than callers.

        Args:
            command: the command of a recogniser's process.
            callers: how many callers may speak at once; None is two for each core.
            patience: seconds that a caller's words may wait.
        """
        cores = len(os.sched_getaffinity(0))
        self._callers = callers or _PER_CORE * cores
        self.processes = [RecognizerProcess(command, patience) for _ in range(min(cores, self._callers))]
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    def of(cls, found: FoundRecognizer, callers: int | None = None, patience: float = PATIENCE) -> Self:
        """Return a pool of the recogniser that was found on this machine."""
        return cls((sys.executable, "-m", "ivr.speech.worker", *found.arguments()), callers, patience)

    @property
    def free(self) -> int:
        """Callers that could be taken on now: 0 while models load, if readings take too long, and at the cap."""
        room = sum(self._room(process) for process in self.processes)
        return max(0, min(room, self._callers - sum(len(process.callers) for process in self.processes)))

    @property
    def behind(self) -> float:
        """Seconds of unprocessed sound of the caller with the longest backlog."""
        backlogs = (caller.backlog for process in self.processes for caller in process.callers.values())
        return max((backlog.waiting / 2 / RATE for backlog in backlogs if backlog), default=0.0)

    @property
    def runs(self) -> bool:
        """Whether a recogniser is loaded, runs, and reads in time."""
        return any(process.ready.is_set() and process.is_in_time for process in self.processes)

    @property
    def reading_time(self) -> tuple[str, float] | None:
        """The recogniser's name, and the seconds of a reading in its fastest process; None while models load."""
        loaded = [process for process in self.processes if process.name]
        times = ((process.name, process.reading_time) for process in loaded)
        return min(times, key=lambda name_and_time: name_and_time[1], default=None)

    def take(self, hearer: SpeechListener) -> RecognizerSlot | None:
        """Take a caller on, at the recogniser that has the fewest; None if there is no room."""
        if not self.free:
            return None
        return RecognizerSlot(max(self.processes, key=self._room), hearer)

    def _room(self, process: RecognizerProcess) -> int:
        """Return how many callers one process could take: its share, even if other processes do not run."""
        share = -(-self._callers // len(self.processes))
        return share - len(process.callers) if process.ready.is_set() and process.is_in_time else 0

    async def until_ready(self) -> None:
        """Wait until every recogniser is loaded."""
        for process in self.processes:
            await process.ready.wait()

    async def __aenter__(self) -> Self:
        """Start the processes."""
        self._tasks = [asyncio.create_task(process.run()) for process in self.processes]
        return self

    async def __aexit__(self, *_error: object) -> None:
        """End the processes; recognitions in progress end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
