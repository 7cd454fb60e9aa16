"""Asks a process of a hotline whether it answers; the supervisor process asks several times a second."""

import asyncio
from pathlib import Path


async def answers(path: Path, seconds: float) -> bool:
    """Return whether engine or desk, which listens on a unix socket, answers within that time."""
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
