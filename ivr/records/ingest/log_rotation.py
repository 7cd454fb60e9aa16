"""Rotating Asterisk's log files, and deleting the rotated files after their retention period."""

import re
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from ivr.asterisk.logs import queuelog
from ivr.asterisk.logs.cel import BadLine
from ivr.records.ingest.follow import rotated_files, rotated_files_read
from ivr.records.ingest.importer import position_of
from ivr.records.store.database import Database

_TIME_FORMAT = "%Y%m%d-%H%M%S"  # suffix of a rotated file: the time of its rotation
_SUFFIX = re.compile(r"-(\d{8})(?:-(\d{6}))?")
_DAY = timedelta(days=1)


def is_due(queue_log: Path, now: datetime) -> bool:
    """Return whether Asterisk has written into its current log files for a day.

    The first line of queue_log has the time at which Asterisk began the file, because Asterisk writes it when it starts
    and when it reopens its log files.

    Raises:
        OSError: The file exists but cannot be read.
    """
    try:
        with queue_log.open("rb") as file:
            first = file.readline()
        return queuelog.parse(first.decode(errors="replace").rstrip()).at < now - _DAY
    except FileNotFoundError:
        return False
    except BadLine:
        return bool(first)


def rotate(path: Path, now: datetime) -> None:
    """Rename a log file; Asterisk begins another when it is told to reload its logger.

    Args:
        path: the file; nothing happens if it does not exist, or is empty.
        now: aware, in the time zone of the times that `delete_rotated` gets.

    Raises:
        OSError: The file cannot be renamed.
    """
    if path.exists() and path.stat().st_size:
        path.rename(path.with_name(f"{path.name}-{now:{_TIME_FORMAT}}"))


def delete_rotated(path: Path, cutoff: datetime) -> int:
    """Delete the files of ``path`` that were rotated before ``cutoff``; return how many.

    Raises:
        OSError: A file cannot be deleted.
    """
    return _delete(rotated_files(path), path, cutoff)


def delete_imported(database: Database, path: Path, cutoff: datetime, node: str = "") -> int:
    """Delete the files of ``path`` that were rotated before ``cutoff`` and imported wholly; return how many.

    Raises:
        DatabaseUnusable: The database cannot be used.
        OSError: A file cannot be read or deleted.
    """
    with database.begin() as connection:
        position = position_of(connection, path, node)
    return _delete(rotated_files_read(path, position), path, cutoff)


def _delete(files: list[Path], path: Path, cutoff: datetime) -> int:
    expired_files = [file for file in files if _rotated_at(file, path.name, cutoff.tzinfo) < cutoff]
    for file in expired_files:
        file.unlink()
    return len(expired_files)


def _rotated_at(file: Path, name: str, zone: tzinfo | None) -> datetime:
    """Return when a file was rotated: by its name, which a copy keeps, else by its last change."""
    if suffix := _SUFFIX.fullmatch(file.name.removeprefix(name)):
        day, time = suffix.groups()
        try:
            return datetime.strptime(f"{day}-{time or '235959'}", _TIME_FORMAT).replace(tzinfo=zone)
        except ValueError:
            pass  # the digits are no time
    return datetime.fromtimestamp(file.stat().st_mtime, zone)
