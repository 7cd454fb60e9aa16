"""Notes of agents at the desk: the note and the result of a call, and settled messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ivr.records.store.database import Database
from ivr.records.store.schema import CALL_NOTES, SETTLED_MESSAGES, WORK_ORDERS

LONGEST = 4000  # characters of a note


@dataclass(frozen=True, slots=True)
class CallNote:
    """The note of an agent about a call."""

    call_id: str
    text: str
    version: int  # 0: nothing was written yet
    result: str
    by: str
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """Return the note as the desk shows it."""
        return {
            "call_id": self.call_id,
            "text": self.text,
            "version": self.version,
            "result": self.result or None,
            "by": self.by,
            "at": self.at.isoformat(timespec="milliseconds"),
        }


def notes(database: Database, call_ids: Iterable[str]) -> dict[str, CallNote]:
    """Return the notes of these calls, by call.

    Raises:
        DatabaseUnusable: the database cannot be used; so do all functions of this module.
    """
    wanted = list(call_ids)
    with database.begin() as connection:
        rows = connection.execute(select(CALL_NOTES).where(CALL_NOTES.c.call_id.in_(wanted))).mappings()
        return {row["call_id"]: CallNote(**row) for row in rows}


def save(database: Database, note: CallNote) -> CallNote | None:
    """Save a note over its earlier ``version``; return it with the new version, or None if it was changed meanwhile."""
    values = {"text": note.text[:LONGEST], "result": note.result, "by": note.by, "at": note.at}
    saved = CallNote(note.call_id, note.text[:LONGEST], note.version + 1, note.result, note.by, note.at)
    with database.begin() as connection:
        if note.version:
            same = (CALL_NOTES.c.call_id == note.call_id) & (CALL_NOTES.c.version == note.version)
            changed = connection.execute(update(CALL_NOTES).where(same).values(version=saved.version, **values))
            return saved if changed.rowcount else None
        try:
            with connection.begin_nested():
                connection.execute(insert(CALL_NOTES).values(call_id=note.call_id, version=1, **values))
        except IntegrityError:
            return None
    return saved


def settle(database: Database, work_order: str, text: str, by: str, at: datetime) -> bool:
    """Note that an agent dealt with a message; return whether nobody had done so before."""
    values = {"work_order": work_order, "text": text[:LONGEST], "by": by, "at": at}
    with database.begin() as connection:
        try:
            with connection.begin_nested():
                connection.execute(insert(SETTLED_MESSAGES).values(**values))
        except IntegrityError:
            return False
    return True


def settled(database: Database, work_orders: Iterable[str]) -> dict[str, tuple[str, str, datetime]]:
    """Return text, user and time of each of these messages that is settled."""
    wanted = list(work_orders)
    with database.begin() as connection:
        rows = connection.execute(select(SETTLED_MESSAGES).where(SETTLED_MESSAGES.c.work_order.in_(wanted)))
        return {row.work_order: (row.text, row.by, row.at) for row in rows}


def open_messages(database: Database) -> int:
    """Return how many messages of callers nobody has settled."""
    settled = select(SETTLED_MESSAGES.c.work_order)
    wanted = select(func.count()).select_from(WORK_ORDERS)
    wanted = wanted.where(WORK_ORDERS.c.recording != "", WORK_ORDERS.c.work_order.not_in(settled))
    with database.begin() as connection:
        return int(connection.execute(wanted).scalar_one())
