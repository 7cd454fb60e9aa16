"""Counts the SIP messages that Asterisk could not parse, and therefore did not answer.

Only this log has them: res_hep copies only messages that were parsed, and a security event needs a parsed request.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from ivr.asterisk.logs.unreadable import UnreadableMessage, split_before_torn_entry, unreadable_messages
from ivr.engine.background_task import BackgroundTask
from ivr.signalling.refused_requests import RefusalKind, RequestRefusal

log = logging.getLogger(__name__)

_EVERY = 0.5  # seconds between two readings
_LONGEST_WRITE = 2.0  # seconds; an entry that has no end by then has lost it, because PJSIP cuts long entries
_MOST = 1024 * 1024  # bytes of the log; more comes only in a flood, and is dropped uncounted


class UnreadableWatch(BackgroundTask):
    """Reads Asterisk's log of these messages, and blanks the lines that it has read, while its context is open."""

    def __init__(self, path: Path, refused: Callable[[list[RequestRefusal]], None]) -> None:
        """``path`` may not exist yet."""
        self._path, self._refused = path, refused
        self._read = 0  # bytes of the log that were read and blanked
        self._torn_entry = b""  # read and not yet counted
        self._torn_since = 0.0

    async def _work(self) -> None:
        while True:
            try:
                if messages := unreadable_messages(self._whole_entries()):
                    self._refused([_refusal(message, time.time()) for message in messages])
            except OSError as error:
                log.debug("%s: %s", self._path, error.strerror)  # Asterisk has not made the file yet
            await asyncio.sleep(_EVERY)

    def _whole_entries(self) -> bytes:
        """Return the entries logged since the last call, without an entry that Asterisk is still writing."""
        now = time.monotonic()
        if logged := self._new_text():
            entries, self._torn_entry = split_before_torn_entry(self._torn_entry + logged)
            self._torn_since = now
        elif now - self._torn_since > _LONGEST_WRITE:
            entries, self._torn_entry = self._torn_entry, b""
        else:
            entries = b""
        return entries

    def _new_text(self) -> bytes:
        """Return the text logged since the last call.

        The log holds callers' numbers, so the text that was read is overwritten with empty lines. The log is emptied
        only once it is large, because Asterisk may append a line between the reading and the emptying.
        """
        size = self._path.stat().st_size
        if size == self._read:
            return b""
        if size < self._read:  # an admin emptied it
            self._read = 0
        with self._path.open("r+b") as file:
            file.seek(self._read)
            logged = file.read(_MOST)
            file.seek(self._read)
            file.write(b"\n" * len(logged))
            self._read += len(logged)
            if self._read >= _MOST:
                file.truncate(0)  # Asterisk appends, so the emptied file grows from its begin
                self._read = 0
        return logged


def _refusal(message: UnreadableMessage, at: float) -> RequestRefusal:
    return RequestRefusal(
        at=at,
        kind=RefusalKind.MALFORMED,
        method=message.method,
        source=message.source,
        caller="",
        dialled="",
        code=0,
        offered=(message.fault, message.header) if message.header else (message.fault,),
        agent="",
        call_id="",
    )
