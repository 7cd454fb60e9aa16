"""A call database with the recorded calls of one night."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.records.store.database import Database
from tests.records.conftest import migrated
from tests.records.recorded import NAMES, logs


@contextmanager
def imported(folder: Path) -> Iterator[Database]:
    """Yield a database with all calls of tests/records/logs."""
    with migrated(f"sqlite:///{folder}/calls.sqlite3") as database:
        recorded = logs(folder, database)
        for name in NAMES:
            recorded.write(name)
        recorded.importer.import_new()
        yield database
