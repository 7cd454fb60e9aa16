"""Tasks that the engine runs in the background, beside its calls."""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Self

from ivr.texts import _

log = logging.getLogger(__name__)

_RESTART = 5.0  # seconds until a task that failed is restarted


class BackgroundTask(ABC):
    """A task that runs while the object's context is open; a subclass implements it as `_work`, which never returns.

    An unexpected exception is logged, and the task is restarted, because an engine without the task would look healthy.
    """

    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start the task."""
        self._task = asyncio.create_task(self._keep_working())
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop the task; a thread that it started ends by itself."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _keep_working(self) -> None:
        while True:
            try:
                await self._work()
            except Exception:
                log.exception(_("%s failed, and begins again in %g s"), type(self).__name__, _RESTART)
            await asyncio.sleep(_RESTART)

    @abstractmethod
    async def _work(self) -> None: ...
