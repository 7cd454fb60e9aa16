"""Deleting recordings after their retention period. The call record still says that there was a recording."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import CALLS, DELETED_RECORDINGS, HANDED_OVER


def delete_recordings(database: Database, folder: Path, cutoff: datetime, now: datetime) -> int:
    """Delete the recordings of calls that ended before ``cutoff``, and equally old files that belong to no known call.

    Args:
        database: the call database.
        folder: the folder of recordings.
        cutoff: aware.
        now: aware; the time of deletion in the record.

    Returns:
        How many files were deleted.

    Raises:
        DatabaseUnusable: The database cannot be used; no recording that it names was deleted.
        OSError: A file cannot be deleted.
    """
    deleted_names = select(DELETED_RECORDINGS.c.recording)
    expired = select(CALLS.c.recording).where(CALLS.c.ended_at < cutoff, CALLS.c.recording.not_in(deleted_names))
    with database.begin() as connection:
        recordings = [name for name in connection.scalars(expired) if name]
    deleted = delete_sounds(folder, recordings, cutoff)
    _store_deletions(database, recordings, now)
    return deleted


def delete_sounds(folder: Path, names: Iterable[str], cutoff: datetime) -> int:
    """Delete these files of a folder, and all that were written before ``cutoff``; return how many existed.

    Raises:
        OSError: A file cannot be deleted.
    """
    old_names = [path.name for path in folder.glob("*.wav") if path.stat().st_mtime < cutoff.timestamp()]
    return sum(_delete(folder / Path(name).name) for name in dict.fromkeys([*names, *old_names]) if name)


def missing_recordings(database: Database, folder: Path, since: datetime, until: datetime, node: str = "") -> list[str]:
    """Return the ids of the calls of that time whose recording has no file, as after a full disk.

    Args:
        database: the call database.
        folder: the folder of recordings.
        since: aware.
        until: aware.
        node: this node of a cluster; only its own recordings are checked. A call that was handed over is recorded by
            the node that took it over. A call that was handed over twice is not checked.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    query = select(CALLS.c.call_id, CALLS.c.recording).where(
        CALLS.c.ended_at >= since, CALLS.c.ended_at < until, CALLS.c.recording.is_not(None)
    )
    if node:
        handed_over = HANDED_OVER.c
        taken_over = (
            select(handed_over.call_id)
            .group_by(handed_over.call_id)
            .having(func.count() == 1, _is_id_of_node(func.min(handed_over.leg), node))
        )
        stayed = _is_id_of_node(CALLS.c.call_id, node) & CALLS.c.call_id.not_in(select(handed_over.call_id))
        query = query.where(stayed | CALLS.c.call_id.in_(taken_over))
    with database.begin() as connection:
        return [call for call, name in connection.execute(query) if not (folder / f"{name}").is_file()]


def _is_id_of_node(call_id: ColumnElement[str], node: str) -> ColumnElement[bool]:
    return call_id.startswith(f"{node}-", autoescape=True)


def _delete(path: Path) -> bool:
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed


def _store_deletions(database: Database, recordings: Sequence[str], now: datetime) -> None:
    with database.begin() as connection:
        insert(connection, DELETED_RECORDINGS, [{"recording": name, "deleted_at": now} for name in recordings],
               skip_existing=True)  # fmt: skip
