"""Counts refused requests, and stores them for a week."""

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from ivr.engine.background_task import BackgroundTask
from ivr.engine.record_importer import wait_for_tables
from ivr.records.store import refusal_rows
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.refusal_rows import RefusedRequest
from ivr.signalling.refused_requests import RefusalKind, RequestRefusal
from ivr.site.json_log import masked

log = logging.getLogger(__name__)

_EVERY = 2.0  # seconds between two writings
_PURGED_EVERY = 1800  # writings between two purges: an hour
_MOST = 500  # kinds of refusals between two writings; more come only in a flood, and are counted all the same


class RefusalLog(BackgroundTask):
    """Stores refused requests while its context is open."""

    def __init__(self, database: Database, migrated: asyncio.Event) -> None:
        """``migrated`` is set once the tables are there."""
        self._database, self._migrated = database, migrated
        self._waiting: dict[str, RefusedRequest] = {}
        self.counts: Counter[str] = Counter(dict.fromkeys(RefusalKind, 0))

    def add(self, refusals: list[RequestRefusal]) -> None:
        """Take refused requests."""
        for refusal in refusals:
            self.counts[refusal.kind] += 1
            row = _row(refusal)
            earlier = self._waiting.get(row.same)
            if earlier:
                count = earlier.count + 1
                row = RefusedRequest(earlier.first_at, row.last_at, count, *_fields_after_count(row))
            elif len(self._waiting) >= _MOST:
                continue
            else:
                log.info("refused with %d: %s from %s (%s)", refusal.code, refusal.method, row.source, refusal.kind)
            self._waiting[row.same] = row

    async def _work(self) -> None:
        await self._migrated.wait()
        turn = 0
        while True:
            if self._waiting:
                rows, self._waiting = self._waiting, {}
                try:
                    await asyncio.to_thread(refusal_rows.put, self._database, rows.values())
                except DatabaseUnusable:
                    self._waiting = {**rows, **self._waiting}  # the import of call records logs the reason
            if turn % _PURGED_EVERY == 0:
                await asyncio.to_thread(refusal_rows.purge, self._database, datetime.now(UTC))
            turn += 1
            await asyncio.sleep(_EVERY)

    async def listing(self, since: str | None = None) -> list[dict[str, Any]]:
        """Return the entries of `ivr refusals`."""
        await wait_for_tables(self._migrated)
        begin = datetime.fromisoformat(since) if since else None
        return await asyncio.to_thread(refusal_rows.refusals, self._database, begin)


def _row(refusal: RequestRefusal) -> RefusedRequest:
    at = datetime.fromtimestamp(refusal.at, UTC)
    source = f"{refusal.source[0]}:{refusal.source[1]}"
    caller = masked(refusal.caller)
    offered = " ".join(refusal.offered)
    return RefusedRequest(
        at,
        at,
        1,
        refusal.kind,
        refusal.method,
        source,
        caller,
        refusal.dialled,
        refusal.code,
        offered,
        refusal.agent,
        refusal.call_id,
    )


def _fields_after_count(row: RefusedRequest) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in RefusedRequest.__slots__[3:])
