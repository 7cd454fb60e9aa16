"""Notifies supervisors of groups whose seats are signed in but take no calls while callers wait."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ivr.asterisk.ami.manager import AmiError
from ivr.engine.background_task import BackgroundTask
from ivr.records.store import outbox
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 2.0  # seconds between two looks


class UnattendedGroups(BackgroundTask):
    """Watches while its context is open whether all seats of a group are paused, decline, or are out of reach."""

    def __init__(
        self, status: Callable[[], Awaitable[Mapping[str, Any]]], in_force: RegistryHolder, database: Database
    ) -> None:
        """``status`` returns the state of the queues, as `ivr.engine.status` does."""
        self._status, self._in_force, self._database = status, in_force, database
        self._since: dict[str, float] = {}
        self._notified_at: dict[str, float] = {}

    def seconds(self) -> dict[str, float]:
        """Return for how long no seat of a group has taken calls while callers wait, by group."""
        return {group: time.monotonic() - since for group, since in self._since.items()}

    async def _work(self) -> None:
        while True:
            try:
                await self._look((await self._status())["queues"])
            except (AmiError, DatabaseUnusable) as error:
                log.debug("the groups cannot be watched now: %s", error)
            await asyncio.sleep(_EVERY)

    async def _look(self, queues: list[dict[str, Any]]) -> None:
        now, patience = time.monotonic(), self._in_force.current.timers.patience
        waited_for = {queue["group"]: queue for queue in queues if queue["waiting"] and not queue["taking"]}
        self._since = {group: self._since.get(group, now) for group in waited_for}
        self._notified_at = {group: at for group, at in self._notified_at.items() if group in waited_for}
        for group, queue in waited_for.items():
            if now - self._notified_at.get(group, self._since[group]) >= patience:
                self._notified_at[group] = now
                await self._notify(queue, round(now - self._since[group]))

    async def _notify(self, queue: Mapping[str, Any], seconds: int) -> None:
        text = _("%s: %d callers wait, and no seat has taken calls for %d s")
        log.warning(text, queue["title"], queue["waiting"], seconds)
        at = datetime.now(UTC)
        body = {
            "event": "group-unattended",
            "at": at.isoformat(timespec="milliseconds"),
            "group": queue["group"],
            "waiting": queue["waiting"],
            "seconds": seconds,
        }
        await asyncio.to_thread(self._store, f"unattended:{queue['group']}:{at.timestamp():.0f}", queue["group"], body)

    def _store(self, event: str, group: str, body: Mapping[str, Any]) -> None:
        with self._database.begin() as connection:
            outbox.put_notice(connection, event, f"group:{group}", body)
