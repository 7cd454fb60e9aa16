"""The recognisers' processes of one hotline, one for each core, and who may use them."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Self

from ivr.speech.find import Found
from ivr.speech.process import Hearer, RecognizerProcess
from ivr.speech.recognizer import Vocabulary

PER_CORE = 2  # callers; beyond it the menu says keys only


class Seat:
    """A caller's place at a recogniser."""

    def __init__(self, process: RecognizerProcess, hearer: Hearer) -> None:
        """Take the place; `leave` gives it back."""
        self.recognizer = process.name
        self._process, self._hearer = process, hearer
        self._number = process.take(hearer)

    def listen(self, vocabulary: Vocabulary) -> None:
        """Listen from now on, forgetting what was said before, and what of that is being decoded still."""
        self._process.release(self._number)
        self._number = self._process.take(self._hearer)
        self._process.listen(self._number, vocabulary)

    def feed(self, frames: bytes) -> None:
        """Pass on the caller's sound."""
        self._process.feed(self._number, frames)

    def leave(self) -> None:
        """Give the place back; safe to repeat."""
        self._process.release(self._number)


class Pool:
    """All recognisers; entering it starts them, and their models load meanwhile."""

    def __init__(self, command: Sequence[str], cores: int = 0, per_core: int = PER_CORE) -> None:
        """``cores`` is how many processes there are; as many as this process has cores unless given."""
        self._per_core = per_core
        self.processes = [RecognizerProcess(command) for _ in range(cores or len(os.sched_getaffinity(0)))]
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    def of(cls, found: Found) -> Self:
        """Return a pool of the recogniser that was found on this machine."""
        return cls((sys.executable, "-m", "ivr.speech.worker", *found.arguments()))

    @property
    def free(self) -> int:
        """Callers that could be taken on now: 0 while models load, and when the cap is reached."""
        return sum(self._per_core - len(process.callers) for process in self.processes if process.ready.is_set())

    def take(self, hearer: Hearer) -> Seat | None:
        """Take a caller on, at the recogniser that has the fewest; None where there is no room."""
        ready = [process for process in self.processes if process.ready.is_set()]
        process = min(ready, key=lambda process: len(process.callers), default=None)
        if process is None or len(process.callers) >= self._per_core:
            return None
        return Seat(process, hearer)

    async def until_ready(self) -> None:
        """Wait until every recogniser is loaded."""
        for process in self.processes:
            await process.ready.wait()

    async def __aenter__(self) -> Self:
        """Start the processes."""
        self._tasks = [asyncio.create_task(process.run()) for process in self.processes]
        return self

    async def __aexit__(self, *_error: object) -> None:
        """End the processes; callers become deaf."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
