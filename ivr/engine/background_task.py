"""What the engine does beside its calls, all the time."""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Self

from ivr.texts import _

log = logging.getLogger(__name__)

_AGAIN = 5.0  # seconds after which work that failed begins again


class BackgroundTask(ABC):
    """Does its work for as long as it is entered; a subclass says what that is in `_work`, which goes on for ever.

    Work that fails as nobody foresaw is logged, and begins again: an engine without it would look well and not be.
    """

    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        self._task = asyncio.create_task(self._keep_working())
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop; what a thread has begun it ends."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _keep_working(self) -> None:
        while True:
            try:
                await self._work()
            except Exception:
                log.exception(_("%s failed, and begins again in %g s"), type(self).__name__, _AGAIN)
            await asyncio.sleep(_AGAIN)

    @abstractmethod
    async def _work(self) -> None: ...
