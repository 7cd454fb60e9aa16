"""Imports Asterisk's log files into the call database, and answers questions about call records."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from ivr.control.control_client import RequestRefused
from ivr.engine.background_task import BackgroundTask
from ivr.engine.missed_utterances import missed
from ivr.orders.opening import open_orders_of
from ivr.records.ingest.importer import Importer, ImportResult
from ivr.records.store.call_filter import call_filter
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.queries import answered_by_seat, calls, outcomes, to_json
from ivr.reports.missed import to_json as missed_to_json
from ivr.runtime.layout import Home
from ivr.site import registry_history
from ivr.site.registry_holder import RegistryHolder

log = logging.getLogger(__name__)

# Seconds between two imports. Each import rebuilds the record of every call with new lines, and that is most of the
# cost of a call. A command that asks for records triggers an import of its own.
_EVERY = 2.0
_EVERY_WITH_NOTIFICATIONS = 0.5  # because an agent's desktop program opens while the phone rings

_AT_ONCE = 1.0  # seconds
_TABLES_WITHIN = 5.0  # seconds

T = TypeVar("T")


async def wait_for_tables(migrated: asyncio.Event) -> None:
    """Wait until the database has its tables, but not for long: the query then says why the database cannot be used."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_TABLES_WITHIN):
            await migrated.wait()


class RecordImporter(BackgroundTask):
    """Imports Asterisk's log files into the database while its context is open.

    If the database cannot be used, only the records are late, because the log files keep the lines.
    """

    def __init__(self, home: Home, database: Database, in_force: RegistryHolder, node: str = "") -> None:
        """Read from ``home``, write to ``database``; ``node`` is the node whose Asterisk writes the files."""
        self._database, self._in_force = database, in_force
        self.node = node
        self._importer = Importer(database, home.cel / "cel.csv", home.queue_log, {}, node)
        self._lock = asyncio.Lock()
        self.migrated = asyncio.Event()
        """Set once the database has its tables."""
        self._last_reported = ""
        self._up_to_date = time.monotonic()

    async def __aexit__(self, *_error: object) -> None:
        """Import the remaining lines."""
        await super().__aexit__()
        await self._import()
        self._database.close()

    async def calls(self, **conditions: str | None) -> list[dict[str, Any]]:
        """Return the records up to this moment that meet the conditions of `call_filter`, oldest first.

        Raises:
            RequestRefused: The database cannot be used.
        """
        filtered = call_filter(**conditions)
        return [to_json(record) for record in await self.query_up_to_date(partial(calls, conditions=filtered))]

    async def missed(self, **conditions: str | None) -> list[dict[str, Any]]:
        """Return the utterances that were not understood; arguments as `ivr.engine.missed_utterances.missed`.

        Raises:
            RequestRefused: The database cannot be used.
        """
        return [missed_to_json(text) for text in await self.query_up_to_date(partial(missed, **conditions))]

    async def query_up_to_date(self, query: Callable[[Database], T]) -> T:
        """Return the result of ``query``, with all lines that Asterisk has written up to this moment.

        Raises:
            RequestRefused: The database cannot be used.
        """
        await self._import()
        try:
            return await asyncio.to_thread(query, self._database)
        except DatabaseUnusable as error:
            raise RequestRefused(str(error)) from None

    @property
    def lag(self) -> float:
        """Seconds since the records were last up to date."""
        return time.monotonic() - self._up_to_date

    async def outcomes(self, since: datetime) -> dict[str, int] | None:
        """Return how many calls that began since then had each outcome; None if the database cannot be used."""
        try:
            return await asyncio.to_thread(outcomes, self._database, since)
        except DatabaseUnusable:
            return None  # the import logs the reason

    async def answered_by_seat(self, since: datetime) -> dict[str, int] | None:
        """Return how many calls each seat answered since then; None if the database does not answer within 1 s."""
        try:
            async with asyncio.timeout(_AT_ONCE):
                return await asyncio.to_thread(answered_by_seat, self._database, since)
        except (DatabaseUnusable, TimeoutError):
            return None

    async def _work(self) -> None:
        while True:
            await self._import()
            await asyncio.sleep(_EVERY_WITH_NOTIFICATIONS if self._in_force.current.events else _EVERY)

    async def _import(self) -> None:
        async with self._lock:
            registry = self._in_force.current
            names = {line.number: line.name for line in registry.lines}
            self._importer.line_names = names if registry.events else None
            self._importer.on_records = partial(open_orders_of, directory=self._in_force.directory)
            self._importer.seat_kinds = registry_history.seat_kinds(self._in_force.current)
            try:
                result = await _to_its_end(self._import_in_thread)
            except (DatabaseUnusable, OSError) as error:
                self._report(str(error))
                return
            self._up_to_date = time.monotonic()
            self._report("")
            for problem in result.problems:
                log.warning("%s", problem)

    async def between_imports(self, work: Callable[[], T]) -> T:
        """Run ``work``, which must be brief, in a thread, while no import runs.

        Raises:
            Any exception that ``work`` raises.
        """
        async with self._lock:
            return await _to_its_end(work)

    async def close_calls_of(self, node: str, at: datetime) -> int:
        """End the records of a node that is gone; return how many calls it had up.

        Raises:
            DatabaseUnusable: The database cannot be used.
        """
        return len(await self.between_imports(partial(self._importer.close_calls_of, node, at)))

    def _import_in_thread(self) -> ImportResult:
        if not self.migrated.is_set():
            self._database.migrate()
            self.migrated.set()
        return self._importer.import_new()

    def _report(self, problem: str) -> None:
        """Log a problem once, and its end."""
        if problem != self._last_reported:
            if problem:
                log.error("%s", problem)
            else:
                log.info("call records: up to date again")
        self._last_reported = problem


async def _to_its_end(work: Callable[[], T]) -> T:
    """Run ``work`` in a thread. A task that is cancelled waits for the thread, so that it holds the lock until then."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)  # the next import meets the same error and reports it
        raise
