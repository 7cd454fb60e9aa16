"""Deleting calls after the retention period: from every table, and their messages.

The log lines from which the records were made go with Asterisk's log files (`ivr.records.ingest.log_rotation`), about
two days later. Until then an import into an empty database creates the records again, and the next purge deletes
them again.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select

from ivr.records.purge.expired_recordings import delete_sounds
from ivr.records.store.database import Database
from ivr.records.store.schema import (
    CALL_NOTES,
    CALLBACK_ATTEMPTS,
    CALLS,
    DELETED_RECORDINGS,
    HANDED_OVER,
    LEGS,
    OUTBOX,
    RAW_EVENTS,
    SEAT_EVENTS,
    SETTLED_MESSAGES,
    SOUND_QUALITY,
    UTTERANCES,
    WORK_ORDERS,
)

_PIECE = 200  # calls in a transaction, during which the import has to wait
_LINES = 2000  # in a transaction: lines that belong to no call
LONGEST = timedelta(days=1)  # no call lasts longer, and no line of a call is written later

_OF_THE_CALL = (UTTERANCES, LEGS, WORK_ORDERS, CALLS)


def purge_calls(database: Database, messages: Path, cutoff: datetime) -> int:
    """Delete some of the calls and callback attempts that ended before ``cutoff``, from every table.

    Args:
        database: the call database.
        messages: the folder of callers' messages.
        cutoff: aware.

    Returns:
        How many were deleted; 0 if none is left.

    Raises:
        DatabaseUnusable: The database cannot be used.
        OSError: A message cannot be deleted; its record stays until the message can be deleted.
    """
    with database.begin() as connection:
        expired = [
            *connection.scalars(select(CALLS.c.call_id).where(_is_expired(CALLS, cutoff)).limit(_PIECE)),
            *connection.scalars(
                select(CALLBACK_ATTEMPTS.c.call_id).where(_is_expired(CALLBACK_ATTEMPTS, cutoff)).limit(_PIECE)
            ),
        ]
        sounds = connection.scalars(select(WORK_ORDERS.c.recording).where(WORK_ORDERS.c.call_id.in_(expired))).all()
    delete_sounds(messages, sounds, cutoff)
    if expired:
        with database.begin() as connection:
            _purge_deleted_recordings(connection, expired)
            settled = select(WORK_ORDERS.c.work_order).where(WORK_ORDERS.c.call_id.in_(expired))
            connection.execute(delete(SETTLED_MESSAGES).where(SETTLED_MESSAGES.c.work_order.in_(settled)))
            for table in (CALL_NOTES, SOUND_QUALITY, OUTBOX, *_OF_THE_CALL, CALLBACK_ATTEMPTS, HANDED_OVER, RAW_EVENTS):
                connection.execute(delete(table).where(table.c.call_id.in_(expired)))
    return len(expired)


def purge_lines(database: Database, cutoff: datetime) -> int:
    """Delete some of the old log lines that belong to no call record: feature codes, lines that were not understood.

    The sign-ins and pauses of seats go with them.

    Args and Raises as `purge_calls`.

    Returns:
        How many were deleted; 0 if none is left.
    """
    old_lines = select(RAW_EVENTS.c.id).where(RAW_EVENTS.c.at < cutoff - LONGEST).limit(_LINES)
    with database.begin() as connection:
        line_ids = connection.scalars(old_lines).all()
        connection.execute(delete(RAW_EVENTS).where(RAW_EVENTS.c.id.in_(line_ids)))
        connection.execute(delete(SEAT_EVENTS).where(SEAT_EVENTS.c.at < cutoff - LONGEST))
    return len(line_ids)


def _is_expired(table: Table, cutoff: datetime) -> ColumnElement[bool]:
    """Return the condition of calls that ended before ``cutoff``; without an end, a call is over after `LONGEST`."""
    columns = table.c
    endless = and_(columns.ended_at.is_(None), columns.started_at < cutoff - LONGEST)
    return and_(columns.started_at < cutoff, (columns.ended_at < cutoff) | endless)  # started_at has the index


def _purge_deleted_recordings(connection: Connection, calls: list[str]) -> None:
    for table in (CALLS, CALLBACK_ATTEMPTS):
        recordings = select(table.c.recording).where(table.c.call_id.in_(calls), table.c.recording.is_not(None))
        connection.execute(delete(DELETED_RECORDINGS).where(DELETED_RECORDINGS.c.recording.in_(recordings)))
