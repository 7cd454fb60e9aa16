"""Recent wrong PINs, counted over all nodes, so that an attacker gains no guesses by another node."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from agi_scripts.pins import PAUSE, WrongPinCounter
from ivr.cluster import wrong_pins
from ivr.records.store.database import Database, DatabaseUnusable

log = logging.getLogger(__name__)

T = TypeVar("T")


class SharedWrongPinCounter(WrongPinCounter):
    """Counts wrong PINs in the database, and in memory, too, for the time in which the database is down."""

    def __init__(self, database: Database) -> None:
        """``database`` is shared by all nodes."""
        super().__init__()
        self._database = database

    async def recent(self, key: str, now: datetime) -> int:
        """Count the recent wrong PINs at all nodes."""
        own_count = await super().recent(key, now)
        return max(own_count, await self._try(lambda: wrong_pins.count(self._database, key, now - PAUSE)) or 0)

    async def note(self, keys: Iterable[str], now: datetime) -> None:
        """Remember a wrong PIN."""
        keys = tuple(keys)
        await super().note(keys, now)
        await self._try(lambda: wrong_pins.add(self._database, keys, now, now - PAUSE))

    async def forget(self, keys: Iterable[str]) -> None:
        """Forget wrong PINs, because the right PIN came."""
        keys = tuple(keys)
        await super().forget(keys)
        await self._try(lambda: wrong_pins.forget(self._database, keys))

    async def _try(self, act: Callable[[], T]) -> T | None:
        try:
            return await asyncio.to_thread(act)
        except DatabaseUnusable as error:
            log.error("%s", error)
            return None
