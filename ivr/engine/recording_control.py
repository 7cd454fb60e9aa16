"""Recordings of agents' calls: checks disk space, pauses a recording, reports missing recordings."""

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

_ROOM = 200_000_000  # bytes that are left for call records; with less free, no call is recorded
_SETTLED = timedelta(seconds=30)  # after the end of a call, until its recording is on the disk
_EVERY = 600.0  # seconds between two searches for missing recordings


class RecordingControl(BackgroundTask):
    """Reports missing recordings while its context is open, and answers call scripts."""

    def __init__(
        self, home: Home, database: Database, migrated: asyncio.Event, now: Callable[[], datetime], ami: Ami, node: str
    ) -> None:
        """Wait for ``migrated`` before the first query; ``now`` returns the city's time; ``node`` may be ""."""
        self._home, self._database, self._now, self._ami = home, database, now, ami
        self._migrated, self._node = migrated, node

    def has_room(self) -> bool:
        """Return whether the disk has room for one more recording."""
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
        """Pause or resume the recording of a channel; return whether it is paused now, or None if Asterisk refused."""
        try:
            return await recording.pause_or_go_on(self._ami, channel)
        except AmiError as error:
            log.error(_("a recording could not be paused, and goes on: %s"), error)
            return None

    async def _work(self) -> None:
        await self._migrated.wait()
        searched_until = self._now()
        while True:
            searched_until = await self._look_for_missing(searched_until, self._now() - _SETTLED)
            await asyncio.sleep(_EVERY)

    async def _look_for_missing(self, since: datetime, until: datetime) -> datetime:
        """Log the calls that ended in that time without a recording; return the end of the searched time."""
        try:
            folder = self._home.recordings
            calls = await asyncio.to_thread(missing_recordings, self._database, folder, since, until, self._node)
        except DatabaseUnusable:
            return since  # the import of call records logs the reason
        for call in calls:
            log.error(_("call %s was not recorded, though it should have been; see log/messages"), call)
        return max(since, until) if until > since - 2 * _SETTLED else until  # the clock was set back
