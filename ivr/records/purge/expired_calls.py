"""Calls whose time is over: nothing of them stays, in no table and in no folder of sounds.

The log lines that the records were made from go with Asterisk's files
(`ivr.records.ingest.log_rotation`), about two days later. Until then an import into an empty database
creates the records again, and the next purge deletes them again.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from ivr.records.purge.expired_recordings import delete_sounds
from ivr.records.store.database import Database
from ivr.records.store.schema import (
    CallbackAttemptRow,
    CallRow,
    DeletedRecording,
    EventRow,
    LegRow,
    RawEvent,
    WorkOrderRow,
)

_PIECE = 200  # calls in a transaction, for which the import has to wait
_LINES = 2000  # of no call, likewise
LONGEST = timedelta(days=1)  # no call lasts so long, and no line of one comes so late


def forget_calls(database: Database, messages: Path, before: datetime) -> int:
    """Delete some of the calls that ended before ``before``, and of agents' tries to call back, with all of theirs.

    Args:
        database: the call database.
        messages: the folder of callers' messages.
        before: aware.

    Returns:
        How many were deleted; 0 once there are none left.

    Raises:
        DatabaseUnusable: The database cannot be used.
        OSError: A message cannot be deleted; its record stays until it can.
    """
    with database.begin() as session:
        calls = session.scalars(select(CallRow.call_id).where(_over(CallRow, before)).limit(_PIECE)).all()
        tries = session.scalars(
            select(CallbackAttemptRow.call_id).where(_over(CallbackAttemptRow, before)).limit(_PIECE)
        ).all()
        sounds = session.scalars(select(WorkOrderRow.recording).where(WorkOrderRow.call_id.in_(calls))).all()
    delete_sounds(messages, sounds, before)
    gone = [*calls, *tries]
    if gone:
        with database.begin() as session:
            _forget_recordings(session, gone)
            for table in (EventRow, LegRow, WorkOrderRow, CallRow, CallbackAttemptRow, RawEvent):
                session.execute(delete(table).where(table.call_id.in_(gone)))
    return len(gone)


def forget_lines(database: Database, before: datetime) -> int:
    """Delete some of the old lines that are of no call: agents' feature codes, lines that were not understood.

    Args and Raises as `forget_calls`.

    Returns:
        How many were deleted; 0 once there are none left.
    """
    old = select(RawEvent.id).where(RawEvent.at < before - LONGEST).limit(_LINES)
    with database.begin() as session:
        ids = session.scalars(old).all()
        session.execute(delete(RawEvent).where(RawEvent.id.in_(ids)))
    return len(ids)


def _over(table: type[CallRow] | type[CallbackAttemptRow], before: datetime) -> ColumnElement[bool]:
    """Say whose time is over; one whose end nobody saw counts as over after `LONGEST`."""
    endless = and_(table.ended_at.is_(None), table.started_at < before - LONGEST)
    return and_(table.started_at < before, (table.ended_at < before) | endless)  # started_at has the index


def _forget_recordings(session: Session, calls: list[str]) -> None:
    """Delete what the database knows of recordings that were deleted."""
    for table in (CallRow, CallbackAttemptRow):
        recordings = select(table.recording).where(table.call_id.in_(calls), table.recording.is_not(None))
        session.execute(delete(DeletedRecording).where(DeletedRecording.recording.in_(recordings)))
