"""Rotates Asterisk's log files once a day, at a moment when no line can be lost."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ivr.asterisk.config.console import Console, ConsoleError
from ivr.engine.background_task import BackgroundTask
from ivr.records.ingest import log_rotation
from ivr.records.ingest.follow import rotated_files
from ivr.runtime.layout import Home
from ivr.site.json_log import masked
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 5.0  # seconds between two checks
_QUIET = "0 active channels"  # the console's answer if no call is up


class LogRotationSchedule(BackgroundTask):
    """Rotates Asterisk's log files while its context is open.

    Asterisk drops the lines for queue_log while it reopens that file. Therefore the files are rotated only while no
    call is up; a new call reaches a queue only after the file is open again.
    """

    def __init__(self, home: Home, now: Callable[[], datetime]) -> None:
        """``now`` returns the city's time."""
        self._home, self._now = home, now
        self._files = (home.cel / "cel.csv", home.queue_log, *home.asterisk_logs)
        self._console = Console(home.asterisk_socket)
        self._last_reported = ""

    async def _work(self) -> None:
        while True:
            problem = ""
            try:
                await self.rotate(self._now())
            except ConsoleError as error:
                log.debug("%s", error)  # Asterisk is away; the next check tries again
            except OSError as error:
                problem = str(error)
            if problem and problem != self._last_reported:
                log.error(_("Asterisk's log files cannot be rotated, and grow: %s"), problem)
            self._last_reported = problem
            await asyncio.sleep(_EVERY)

    async def rotate(self, now: datetime) -> bool:
        """Rotate the files if that is due and no call is up; return whether they were rotated.

        Raises:
            ConsoleError: Asterisk is away.
            OSError: A file cannot be renamed.
        """
        due = await asyncio.to_thread(log_rotation.is_due, self._home.queue_log, now)
        half_done = not self._home.queue_log.exists()  # renamed, but Asterisk has not begun a new file
        if not (due or half_done):
            return False
        if not (await self._console.run("core show channels count")).startswith(_QUIET):
            return False
        for path in self._files:
            log_rotation.rotate(path, now)
        await self._console.run("logger reload")
        for path in self._home.asterisk_logs:
            for old in rotated_files(path)[
                -2:
            ]:  # the last two, because the engine may have died during the last rotation
                await asyncio.to_thread(_mask, old)
        log.info("Asterisk's log files were rotated")
        return True


def _mask(path: Path) -> None:
    """Mask the phone numbers in a rotated file, because Asterisk masks none."""
    new = path.with_name(f".{path.name}")
    new.touch(mode=0o600)
    with (
        path.open(encoding="utf-8", errors="surrogateescape", newline="") as old,
        new.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        file.writelines(map(masked, old))
    new.replace(path)
