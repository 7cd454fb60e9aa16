"""Turning Asterisk's files over, and deleting the old ones once they were read and their time is over."""

import re
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from ivr.asterisk.logs import queuelog
from ivr.asterisk.logs.cel import BadLine
from ivr.records.ingest.follow import Position, read_wholly, rotated
from ivr.records.store.database import Database
from ivr.records.store.schema import ImportState

_NAME = "%Y%m%d-%H%M%S"  # behind the file's name: when it was turned over
_TURNED = re.compile(r"-(\d{8})(?:-(\d{6}))?")
_DAY = timedelta(days=1)


def is_due(queue_log: Path, now: datetime) -> bool:
    """Tell whether Asterisk has written into its files for a day.

    The first line of queue_log says since when: that Asterisk was started, or that it opened its files anew.

    Raises:
        OSError: The file is there but cannot be read.
    """
    try:
        with queue_log.open("rb") as file:
            first = file.readline()
        return queuelog.parse(first.decode(errors="replace").rstrip()).at < now - _DAY
    except FileNotFoundError:
        return False
    except BadLine:
        return bool(first)


def turn_over(path: Path, now: datetime) -> None:
    """Give a file the name of one that is not written any more; Asterisk begins another.

    Args:
        path: the file; nothing happens where it is not there, or empty.
        now: aware, in the zone in which `delete_old` is asked, too.

    Raises:
        OSError: It cannot be renamed.
    """
    if path.exists() and path.stat().st_size:
        path.rename(path.with_name(f"{path.name}-{now:{_NAME}}"))


def delete_old(path: Path, before: datetime) -> int:
    """Delete the files that ``path`` was, and that were turned over before ``before``; return how many.

    Raises:
        OSError: A file cannot be deleted.
    """
    return _delete(rotated(path), path, before)


def delete_imported(database: Database, path: Path, before: datetime) -> int:
    """Delete those of them that every line was imported of, and return how many.

    Raises:
        DatabaseUnusable: The database cannot be used.
        OSError: A file cannot be read or deleted.
    """
    with database.begin() as session:
        state = session.get(ImportState, str(path.absolute()))
        position = Position(state.offset, state.mark) if state else Position()
    return _delete(read_wholly(path, position), path, before)


def _delete(files: list[Path], path: Path, before: datetime) -> int:
    old = [file for file in files if _turned_over_at(file, path.name, before.tzinfo) < before]
    for file in old:
        file.unlink()
    return len(old)


def _turned_over_at(file: Path, name: str, zone: tzinfo | None) -> datetime:
    """Return when nothing more was written into a file: by its name, which a copy keeps, else by its last change."""
    if found := _TURNED.fullmatch(file.name.removeprefix(name)):
        day, time = found.groups()
        try:
            return datetime.strptime(f"{day}-{time or '235959'}", _NAME).replace(tzinfo=zone)
        except ValueError:
            pass  # digits of another meaning
    return datetime.fromtimestamp(file.stat().st_mtime, zone)
