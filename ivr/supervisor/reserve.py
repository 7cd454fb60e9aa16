"""A reserve of disk: a file that is deleted when the disk is full, so that Asterisk can still write each call's events.

Asterisk tries once to write an event into its files. An event that it cannot write is lost.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from ivr.texts import _

SIZE = 32_000_000  # bytes, as some ten thousand calls write them
_LOW = 8_000_000  # free bytes; if fewer are free, the reserve is deleted
_EVERY = 0.5  # seconds


async def keep(path: Path, say: Callable[[str], None]) -> None:
    """Keep the reserve at ``path``; delete it when the disk is nearly full, and make it again when there is room."""
    last_said = ""
    while True:
        trouble = _keep_reserve(path)
        if trouble and trouble != last_said:
            say(trouble)
        last_said = trouble
        await asyncio.sleep(_EVERY)


def _keep_reserve(path: Path) -> str:
    """Make or delete the reserve by the state of the disk; return a message for the admin, or ""."""
    full = _("the disk of {folder} is full; the reserve was given up: make room").format(folder=path.parent)
    try:
        status = os.statvfs(path.parent)
        free = status.f_bavail * status.f_frsize
        if not path.exists():
            if free <= _LOW + 2 * SIZE:
                return full
            _make(path)
        elif free < _LOW:
            path.unlink()
            return full
    except OSError as error:
        return _("no reserve of disk: {error}").format(error=error)
    return ""


def _make(path: Path) -> None:
    """Allocate the room on the disk."""
    with path.open("wb") as file:
        path.chmod(0o600)
        os.posix_fallocate(file.fileno(), 0, SIZE)
