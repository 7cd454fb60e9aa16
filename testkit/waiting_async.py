"""A wait for an event that does not hold up the peers of the same event loop."""

import asyncio
from collections.abc import Callable
from typing import Any

_SECONDS = 30.0


async def until(true: Callable[[], Any], what: str, seconds: float = _SECONDS) -> Any:
    """Wait until ``true`` returns something true, and return it.

    Args:
        true: what a peer has received, or the hotline says; it is called in a thread.
        what: the event, for the failure.
        seconds: before the wait fails with an AssertionError.
    """
    try:
        async with asyncio.timeout(seconds):
            while not (value := await asyncio.to_thread(true)):  # noqa: ASYNC110  a peer, or another process, changes it
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not within {seconds:g} s: {what}") from None
    return value
