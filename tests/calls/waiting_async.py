"""Waits for an event without holding up the peers of the same loop."""

import asyncio
from collections.abc import Callable
from typing import Any

SECONDS = 20


async def until(true: Callable[[], Any], what: str, seconds: float = SECONDS) -> Any:
    """Wait for an event of a peer or a record of the hotline."""
    try:
        async with asyncio.timeout(seconds):
            while not (value := await asyncio.to_thread(true)):  # noqa: ASYNC110  a peer, or another process, changes it
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not within {seconds:g} s: {what}") from None
    return value
