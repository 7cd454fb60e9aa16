"""Notifies a desktop program of a trunk that went down or came back."""

import asyncio
import logging
from datetime import datetime

from ivr.engine.trunk_monitor import TrunkState
from ivr.records.derive.notifications import Notification
from ivr.records.store import outbox
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.calendar import CITY_TIME

log = logging.getLogger(__name__)


class TrunkNotifier:
    """Puts the notification into the outbox."""

    def __init__(self, database: Database, migrated: asyncio.Event) -> None:
        """``database`` holds the outbox once ``migrated`` is set."""
        self._database, self._migrated = database, migrated
        self._tasks: set[asyncio.Task[None]] = set()

    def notify(self, state: TrunkState) -> None:
        """Store the notification of a trunk's new state."""
        task = asyncio.get_running_loop().create_task(self._store(notification(state, datetime.now(CITY_TIME))))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _store(self, notice: Notification) -> None:
        await self._migrated.wait()
        try:
            await asyncio.to_thread(self._put, notice)
        except DatabaseUnusable as error:
            log.error("%s", error)

    def _put(self, notice: Notification) -> None:
        with self._database.begin() as connection:
            outbox.put_notice(connection, notice.id, notice.call_id, notice.body)


def notification(state: TrunkState, at: datetime) -> Notification:
    """Return the notification of a trunk that went down or came back. Pure."""
    event = "trunk-up" if state.is_up else "trunk-down"
    name, moment = f"trunk:{state.name}", at.isoformat(timespec="milliseconds")
    event_id = f"{name}:{event}:{moment}"
    body = {"id": event_id, "event": event, "at": moment, "trunk": state.name, "registered": state.registered}
    return Notification(event_id, name, body)
