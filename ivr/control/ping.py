"""Asks a process of a hotline for a sign of life; the supervisor does so several times a second."""

import asyncio
from pathlib import Path


async def answers(path: Path, seconds: float) -> bool:
    """Return whether the process that listens on a unix socket, the engine or the desk's, answers within that time."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(b'{"do": "ping"}\n')
                return bool(await reader.readline())
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
