"""Every test that takes ``database`` runs twice: on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ivr.records.store.database import Database
from testkit.provision.databases import new_database, running_postgres


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    with running_postgres() as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/calls.sqlite3"
        return
    with new_database(request.getfixturevalue("postgres_socket")) as url:
        yield url


@contextmanager
def migrated(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        database.migrate()
        yield database
    finally:
        database.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with migrated(database_url) as database:
        yield database


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    with migrated(f"sqlite:///{tmp_path}/calls.sqlite3") as database:
        yield database
