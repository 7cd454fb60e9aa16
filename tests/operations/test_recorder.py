"""The end of an engine that is writing call records."""

import asyncio
import threading
from datetime import datetime

from ivr.engine.record_importer import RecordImporter
from ivr.records.store.database import Database
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from tests.operations.conftest import holder, shipped

NOW = datetime(2026, 11, 23, 3, tzinfo=CITY_TIME)


class Watched(Database):
    """A database that makes its tables when the test allows it, and counts the threads that use it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.begun, self.let = threading.Event(), threading.Event()
        self.at_once = self.most = 0

    def migrate(self) -> None:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.begun.set()
        self.let.wait(10)
        super().migrate()
        self.at_once -= 1


async def test_an_engine_that_is_ended_while_it_makes_its_tables_makes_them_once(home: Home) -> None:
    """Two threads in Alembic block each other, so that an engine that was ended early might not end."""
    database = Watched(f"sqlite:///{home.call_database}")
    recorder = RecordImporter(home, database, holder(shipped()))
    await recorder.__aenter__()
    await asyncio.to_thread(database.begun.wait, 10)
    ending = asyncio.create_task(recorder.__aexit__())
    for _ in range(100):  # turns of the loop
        await asyncio.sleep(0)
    database.let.set()
    await ending
    assert database.most == 1
    assert recorder.migrated.is_set()
