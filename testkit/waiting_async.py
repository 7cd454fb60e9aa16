"""A wait for an event that does not hold up the peers of the same event loop."""

import asyncio
from collections.abc import Callable
from typing import Any

from testkit.patience import PATIENCE


async def until(condition: Callable[[], Any], event: str, seconds: float = PATIENCE) -> Any:
    """Wait until ``condition`` returns a true value, and return the value.

    Args:
        condition: asks a peer what it has received, or asks the hotline; it is called in a thread.
        event: the event that is waited for, for the message of a failure.
        seconds: before the wait fails with an AssertionError.
    """
    try:
        async with asyncio.timeout(seconds):
            while not (value := await asyncio.to_thread(condition)):  # noqa: ASYNC110  a peer, or another process, changes it
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not within {seconds:g} s: {event}") from None
    return value
