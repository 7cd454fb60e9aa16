"""A wait for an event that does not block the event loop, in which a test's peers run."""

import asyncio
from collections.abc import Callable
from typing import Any

from testkit.patience import PATIENCE

_LOOK = 0.1  # seconds between two looks: many a look asks an engine


async def until(condition: Callable[[], Any], event: str, seconds: float = PATIENCE) -> Any:
    """Wait until ``condition`` returns a true value, and return the value.

    Args:
        condition: asks a peer or the hotline; it is called in a thread.
        event: the event in words, for the message of a failure.
        seconds: the time after which the wait fails with an AssertionError.
    """
    try:
        async with asyncio.timeout(seconds):
            while not (value := await asyncio.to_thread(condition)):  # noqa: ASYNC110  a peer, or another process, changes it
                await asyncio.sleep(_LOOK)
    except TimeoutError:
        raise AssertionError(f"not within {seconds:g} s: {event}") from None
    return value
