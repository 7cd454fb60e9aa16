"""Every test that takes ``database`` runs twice: on SQLite and on a real PostgreSQL."""

import atexit
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest

from ivr.records.store.database import Database
from testkit.provision.databases import new_database, shared_postgres


@pytest.fixture(scope="session")
def postgres_socket(common_folder: Path) -> Iterator[Path]:
    with shared_postgres(common_folder) as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/calls.sqlite3"
        return
    with new_database(request.getfixturevalue("postgres_socket")) as url:
        yield url


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def migrated(url: str) -> Iterator[Database]:
    with opened(url) as database:
        database.migrate()
        yield database


@cache
def _sqlite_file() -> Path:
    """Return a migrated database, made once, because a copy takes a twentieth of the migrations' time."""
    path = Path(tempfile.mkdtemp(prefix="calls-")) / "calls.sqlite3"
    atexit.register(shutil.rmtree, path.parent)
    with migrated(f"sqlite:///{path}"):
        return path


@cache
def migrated_name(socket: Path, common: Path) -> str:
    """Return the name of a migrated database of the server, made once for all processes."""
    name = "migrated"
    with (common / "migrated.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with psycopg.connect(host=str(socket), user="hotline", dbname="postgres", autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            connection.execute("CREATE DATABASE making TEMPLATE template0")
            with migrated(f"postgresql://hotline@/making?host={socket}"):
                pass
            connection.execute(f"ALTER DATABASE making RENAME TO {name}")
            return name


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield copy_of_migrated(tmp_path)
        return
    socket = request.getfixturevalue("postgres_socket")
    common = request.getfixturevalue("common_folder")
    with new_database(socket, migrated_name(socket, common)) as url:
        yield url


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with opened(migrated_url) as database:
        yield database


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    with opened(copy_of_migrated(tmp_path)) as database:
        yield database


def copy_of_migrated(folder: Path) -> str:
    """Copy the migrated database; return its URL."""
    shutil.copy(_sqlite_file(), folder / "calls.sqlite3")
    return f"sqlite:///{folder}/calls.sqlite3"
