"""Recordings of agents' calls: room for them, pausing them, and saying where one is missing."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

from ivr.asterisk.agi import recording
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.engine.background_task import BackgroundTask
from ivr.records.purge.expired_recordings import missing_recordings
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.runtime.layout import Home
from ivr.texts import _

log = logging.getLogger(__name__)

_ROOM = 200_000_000  # bytes; below that nothing is recorded, so that the call records still find room
_SETTLED = timedelta(seconds=30)  # after a call's end its recording is on the disk
_EVERY = 600.0  # seconds between two looks for recordings that are missing


class RecordingControl(BackgroundTask):
    """Looks after the recordings for as long as it is entered."""

    def __init__(
        self, home: Home, database: Database, migrated: asyncio.Event, now: Callable[[], datetime], ami: Ami
    ) -> None:
        """Look into the database once it is migrated; ``now`` returns the city's time."""
        self._home, self._database, self._now, self._ami = home, database, now, ami
        self._migrated = migrated

    def has_room(self) -> bool:
        """Say whether the disk has room for one more recording."""
        try:
            free = shutil.disk_usage(self._home.recordings).free
        except OSError as error:
            log.error(_("calls are not recorded: %s"), error)
            return False
        if free < _ROOM:
            log.error(_("calls are not recorded: only %d MB are free on the disk of the recordings"), free // 1_000_000)
            return False
        return True

    async def pause(self, channel: str) -> bool | None:
        """Pause the recording of a channel, or let it go on; return whether it is paused now, None when that failed."""
        try:
            return await recording.pause_or_go_on(self._ami, channel)
        except AmiError as error:
            log.error(_("a recording could not be paused, and goes on: %s"), error)
            return None

    async def _work(self) -> None:
        await self._migrated.wait()
        looked = self._now()
        while True:
            looked = await self._look_for_missing(looked, self._now() - _SETTLED)
            await asyncio.sleep(_EVERY)

    async def _look_for_missing(self, since: datetime, until: datetime) -> datetime:
        """Log the calls that ended in that time without the recording they should have; return until when it looked."""
        try:
            calls = await asyncio.to_thread(missing_recordings, self._database, self._home.recordings, since, until)
        except DatabaseUnusable:
            return since  # the import of call records says why
        for call in calls:
            log.error(_("call %s was not recorded, though it should have been; see log/messages"), call)
        return max(since, until) if until > since - 2 * _SETTLED else until  # the clock was set back
