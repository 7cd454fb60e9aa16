"""Turning Asterisk's files over once a day, at a moment when no line can be lost."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ivr.asterisk.config.console import Console, ConsoleError
from ivr.engine.background_task import BackgroundTask
from ivr.engine.log import masked
from ivr.records.ingest import log_rotation
from ivr.records.ingest.follow import rotated
from ivr.runtime.layout import Home
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 5.0  # seconds between two looks
_QUIET = "0 active channels"  # what Asterisk says of itself without a call


class LogRotationSchedule(BackgroundTask):
    """Turns Asterisk's files over for as long as it is entered.

    For a moment while Asterisk opens queue_log anew, what it would write there is lost. So it is asked to only while no
    call is up: a new one takes longer than that moment to come to a queue.
    """

    def __init__(self, home: Home, now: Callable[[], datetime]) -> None:
        """Take what returns the city's time."""
        self._home, self._now = home, now
        self._files = (home.cel / "cel.csv", home.queue_log, *home.asterisk_logs)
        self._console = Console(home.asterisk_socket)
        self._told = ""

    async def _work(self) -> None:
        while True:
            trouble = ""
            try:
                await self.turn_over(self._now())
            except ConsoleError as error:
                log.debug("%s", error)  # Asterisk is away: the next look
            except OSError as error:
                trouble = str(error)
            if trouble and trouble != self._told:
                log.error(_("Asterisk's files are not turned over, and grow: %s"), trouble)
            self._told = trouble
            await asyncio.sleep(_EVERY)

    async def turn_over(self, now: datetime) -> bool:
        """Turn the files over where that is due and no call is up; tell whether it was done.

        Raises:
            ConsoleError: Asterisk is away.
            OSError: A file cannot be renamed.
        """
        due = await asyncio.to_thread(log_rotation.is_due, self._home.queue_log, now)
        half_done = not self._home.queue_log.exists()  # renamed, but Asterisk has not begun another
        if not (due or half_done):
            return False
        if not (await self._console.run("core show channels count")).startswith(_QUIET):
            return False
        for path in self._files:
            log_rotation.rotate(path, now)
        await self._console.run("logger reload")
        for path in self._home.asterisk_logs:
            for old in rotated(path)[-2:]:  # and that of the last time, should the engine have died then
                await asyncio.to_thread(_mask, old)
        log.info("Asterisk's files were turned over")
        return True


def _mask(path: Path) -> None:
    """Mask the phone numbers in a file that is not written any more: Asterisk itself masks nothing."""
    new = path.with_name(f".{path.name}")
    new.touch(mode=0o600)
    with (
        path.open(encoding="utf-8", errors="surrogateescape", newline="") as old,
        new.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        file.writelines(map(masked, old))
    new.replace(path)
