"""Recordings whose time is over: the file goes, the record's fact that there was one stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from ivr.records.store.database import Database
from ivr.records.store.schema import CallRow, DeletedRecording


def delete_recordings(database: Database, folder: Path, before: datetime, now: datetime) -> int:
    """Delete the recordings of calls that ended before ``before``, and what lies there as long without a call.

    Args:
        database: the call database.
        folder: where the recordings are.
        before: aware.
        now: aware; what the record says of when they were deleted.

    Returns:
        How many files were deleted.

    Raises:
        DatabaseUnusable: The database cannot be used; nothing was deleted that it does not know of.
        OSError: A file cannot be deleted.
    """
    with database.begin() as session:
        known = select(DeletedRecording.recording)
        over = select(CallRow.recording).where(CallRow.ended_at < before, CallRow.recording.not_in(known))
        recordings = [name for name in session.scalars(over) if name]
    deleted = delete_sounds(folder, recordings, before)
    _remember(database, recordings, now)
    return deleted


def delete_sounds(folder: Path, names: Iterable[str], before: datetime) -> int:
    """Delete these sounds in a folder, and those that were written before ``before``; return how many were there.

    Raises:
        OSError: A file cannot be deleted.
    """
    old = [path.name for path in folder.glob("*.wav") if path.stat().st_mtime < before.timestamp()]
    return sum(_delete(folder / Path(name).name) for name in dict.fromkeys([*names, *old]) if name)


def missing_recordings(database: Database, folder: Path, since: datetime, until: datetime) -> list[str]:
    """Return the ids of the calls that ended in that time and should have a recording, but have none: a full disk.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    wanted = select(CallRow.call_id, CallRow.recording).where(
        CallRow.ended_at >= since, CallRow.ended_at < until, CallRow.recording.is_not(None)
    )
    with database.begin() as session:
        return [call for call, name in session.execute(wanted) if not (folder / f"{name}").is_file()]


def _delete(path: Path) -> bool:
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def _remember(database: Database, recordings: Sequence[str], now: datetime) -> None:
    if recordings:
        rows = [{"recording": name, "deleted_at": now} for name in recordings]
        with database.begin() as session:
            session.execute(database.insert_new(DeletedRecording), rows)
