"""Counts the SIP messages that Asterisk could not read, and therefore did not answer.

No other way tells of them: res_hep copies what was read, and Asterisk's security events begin with a request.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from ivr.asterisk.logs.unreadable import UnreadableMessage, unreadable_messages
from ivr.engine.background_task import BackgroundTask
from ivr.signalling.refused_requests import RefusalKind, RequestRefusal

log = logging.getLogger(__name__)

_EVERY = 0.5  # seconds between two readings
_MOST = 1024 * 1024  # bytes of one reading; more comes only in a flood, and is dropped uncounted


class UnreadableWatch(BackgroundTask):
    """Reads Asterisk's log of them, and empties it, for as long as it is entered."""

    def __init__(self, path: Path, refused: Callable[[list[RequestRefusal]], None]) -> None:
        """``path`` may not exist yet."""
        self._path, self._refused = path, refused

    async def _work(self) -> None:
        while True:
            try:
                if found := unreadable_messages(self._take()):
                    self._refused([_refusal(one, time.time()) for one in found])
            except OSError as error:
                log.debug("%s: %s", self._path, error.strerror)  # Asterisk has not begun it
            await asyncio.sleep(_EVERY)

    def _take(self) -> bytes:
        """Return the text logged since the last call. Asterisk appends, so the emptied file grows from its begin."""
        if not self._path.stat().st_size:
            return b""
        with self._path.open("rb") as file:
            logged = file.read(_MOST)
        os.truncate(self._path, 0)  # the file holds callers' numbers, and must not fill the disk
        return logged


def _refusal(one: UnreadableMessage, at: float) -> RequestRefusal:
    return RequestRefusal(
        at=at,
        kind=RefusalKind.MALFORMED,
        method=one.method,
        source=one.source,
        caller="",
        dialled="",
        code=0,
        offered=(one.fault, one.header) if one.header else (one.fault,),
        agent="",
        call_id="",
    )
