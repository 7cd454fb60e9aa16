"""What the engine does beside its calls, all the time."""

import asyncio
from abc import ABC, abstractmethod
from typing import Self


class Background(ABC):
    """Does its work for as long as it is entered; a subclass says what that is in `_work`."""

    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop; what a thread has begun it ends."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    @abstractmethod
    async def _work(self) -> None: ...
