"""A backup of a site as one archive: the files that docs/operations.md names, and a consistent copy of the database.

The archive leaves out ``secrets.json`` (passwords of seats and trunks), TLS keys, messages and recordings of callers,
sessions, and the keys of second factors. It has people's passwords as argon2id hashes only.
"""

import os
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from ivr.runtime.layout import Home
from ivr.site.candidate import own_recordings
from ivr.site.registry_history import ORDERS

_NOT_IN_A_BACKUP = ("UPDATE people SET totp = NULL", "DELETE FROM sessions", "DELETE FROM failed_sign_ins")
_LEVEL = 3  # gzip's level: quick, because calls must not wait for a smaller file


class NoRoom(Exception):
    """The disk has no room for the backup."""


def write_backup(home: Home, numbers: Path, file: Path, *, with_database: bool) -> None:
    """Write the archive.

    Args:
        home: the hotline's state folder.
        numbers: the registry's file.
        file: the archive, ``.tar.gz``.
        with_database: whether the call database is the file in the state folder; a PostgreSQL is left to ``pg_dump``.

    Raises:
        NoRoom: the disk has less room than the database and its copy in the archive need.
        OSError: a file cannot be read or written.
    """
    size = home.call_database.stat().st_size if with_database and home.call_database.exists() else 0
    room = os.statvfs(file.parent)
    if room.f_bavail * room.f_frsize < 2 * size + (64 << 20):
        raise NoRoom
    with (
        tempfile.TemporaryDirectory(dir=file.parent) as folder,
        tarfile.open(file, "w:gz", compresslevel=_LEVEL) as archive,
    ):
        for path in (numbers, numbers.with_name(ORDERS), own_recordings(numbers)):
            if path.exists():
                archive.add(path, path.name)
        for path in (home.registry, home.cel, *sorted(home.log.glob("queue_log*"))):
            if path.exists():
                archive.add(path, f"var/{path.relative_to(home.root)}")
        if size:
            copy = Path(folder) / "calls.sqlite3"
            _copy_database(home.call_database, copy)
            archive.add(copy, f"var/{home.call_database.relative_to(home.root)}")


def _copy_database(database: Path, copy: Path) -> None:
    """Copy the SQLite database at one moment while other processes write to it, without secrets."""
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # so that the database is one file, without a log of changes
        for statement in _NOT_IN_A_BACKUP:
            target.execute(statement)
        target.commit()
        target.execute("VACUUM")  # deleted rows leave the file, too
