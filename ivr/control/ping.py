"""Asks a hotline for a sign of life; the supervisor does so several times a second."""

import asyncio

from ivr.runtime.layout import Home


async def answers(home: Home, seconds: float) -> bool:
    """Return whether the hotline answers within that time."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_unix_connection(home.control_socket)
            try:
                writer.write(b'{"do": "ping"}\n')
                return bool(await reader.readline())
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
