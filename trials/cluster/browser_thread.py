"""A browser in a thread of its own beside an event loop: Playwright belongs to one thread, and to none with a loop."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, Generic, TypeVar

from testkit.desk_page import DeskPage

P = TypeVar("P", bound=DeskPage)
T = TypeVar("T")


class BrowserThread(Generic[P]):
    """Runs tasks at one page while `running` is entered."""

    def __init__(self) -> None:
        self._tasks: deque[tuple[Callable[[P], Any], asyncio.Future[Any]]] = deque()

    @asynccontextmanager
    async def running(self, opened: Callable[[], AbstractContextManager[P]]) -> AsyncIterator[None]:
        """Open the page in the thread, and close it at the end."""
        begun, over = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def browse() -> None:
            with opened() as page:
                loop.call_soon_threadsafe(begun.set)
                while not over.is_set():
                    self._run_next_task(page)

        with ThreadPoolExecutor(1) as thread:
            browsing = loop.run_in_executor(thread, browse)
            waiting = asyncio.create_task(begun.wait())
            await asyncio.wait({browsing, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if browsing.done():
                await browsing
            try:
                yield
            finally:
                over.set()
                await browsing

    def _run_next_task(self, page: P) -> None:
        if not self._tasks:
            page.page.wait_for_timeout(20)  # the browser's messages come meanwhile
            return
        task, future = self._tasks.popleft()
        loop = future.get_loop()
        try:
            result = task(page)
        except BaseException as error:  # raised by the coroutine that waits for the page
            loop.call_soon_threadsafe(future.set_exception, error)
        else:
            loop.call_soon_threadsafe(future.set_result, result)

    async def run(self, task: Callable[[P], T]) -> T:
        """Run a task at the page, and return its result."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._tasks.append((task, future))
        return await future
