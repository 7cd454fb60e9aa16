"""Deletes recordings, calls with their messages and notes, and rotated log files after their retention period."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from ivr.engine.background_task import BackgroundTask
from ivr.engine.clock_jump_guard import ClockJumpGuard
from ivr.engine.record_importer import RecordImporter
from ivr.orders.store.file_store import delete_unused
from ivr.orders.store.order_purge import purge_orders
from ivr.platforms.push_store import purge_messages
from ivr.records.ingest import log_rotation
from ivr.records.purge.expired_calls import LONGEST, purge_calls, purge_lines
from ivr.records.purge.expired_recordings import delete_recordings, delete_sounds
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.runtime.layout import Home
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 600.0  # seconds between two purges
_PAUSE = 0.2  # seconds between two transactions, for the import
_LOGS = timedelta(days=190)  # Asterisk's other logs, because the law asks for six months (网络安全法 §21)


class RetentionPurge(BackgroundTask):
    """Deletes expired data while its context is open."""

    def __init__(
        self,
        home: Home,
        database: Database,
        recorder: RecordImporter,
        in_force: RegistryHolder,
        now: Callable[[], datetime],
    ) -> None:
        """The registry in force has the retention periods; ``now`` returns the city's time."""
        self._home, self._database, self._recorder, self._in_force, self._now = home, database, recorder, in_force, now

    async def _work(self) -> None:
        await self._recorder.migrated.wait()
        clock = ClockJumpGuard()
        while True:
            if clock.is_steady():
                try:
                    await self.delete_old(self._now())
                except (DatabaseUnusable, OSError) as error:
                    log.error(
                        _(
                            "data past their retention period could not be deleted; "
                            "the engine tries again in ten minutes: %s"
                        ),
                        error,
                    )
            await asyncio.sleep(_EVERY)

    async def delete_old(self, now: datetime) -> None:
        """Delete the data whose retention period is over at ``now``.

        Raises:
            DatabaseUnusable: The database cannot be used.
            OSError: A file cannot be deleted.
        """
        home, database, registry = self._home, self._database, self._in_force.current
        cutoff = now - timedelta(days=registry.recordings.days)
        recordings = await asyncio.to_thread(delete_recordings, database, home.recordings, cutoff, now)
        self._log_count("recordings", recordings)
        cutoff = now - timedelta(days=registry.records.days)
        self._log_count("calls", await self._delete_in_pieces(partial(purge_calls, database, home.messages, cutoff)))
        self._log_count("work orders", await self._delete_in_pieces(partial(purge_orders, database, cutoff)))
        self._log_count("files of work orders", await asyncio.to_thread(delete_unused, database, home.order_files, now))
        await asyncio.to_thread(purge_messages, database, cutoff)
        self._log_count("lines of no call", await self._delete_in_pieces(partial(purge_lines, database, cutoff)))
        self._log_count("messages of no call", await asyncio.to_thread(delete_sounds, home.messages, (), cutoff))
        files = 0
        for path in (home.cel / "cel.csv", home.queue_log):
            imported = partial(log_rotation.delete_imported, database, path, cutoff - LONGEST)
            delete = partial(imported, self._recorder.node)
            files += await self._recorder.between_imports(delete)
        for path in home.asterisk_logs:
            files += await asyncio.to_thread(log_rotation.delete_rotated, path, now - _LOGS)
        self._log_count("files of Asterisk's", files)

    async def _delete_in_pieces(self, delete: Callable[[], int]) -> int:
        """Call ``delete`` until it deletes nothing; return the sum of its counts."""
        count = 0
        while piece := await self._recorder.between_imports(delete):
            count += piece
            await asyncio.sleep(_PAUSE)
        return count

    def _log_count(self, title: str, count: int) -> None:
        if count:
            log.info("deleted because their retention period was over: %d %s", count, title)
