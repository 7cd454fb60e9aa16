"""Notes of agents at the desk: the note and the result of a call, and settled messages."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
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
    checked: tuple[str, ...] = ()  # items of the line's checklist that are done

    def to_json(self) -> dict[str, Any]:
        """Return the note as the desk shows it."""
        return {
            "call_id": self.call_id,
            "text": self.text,
            "version": self.version,
            "result": self.result or None,
            "checked": list(self.checked),
            "by": self.by,
            "at": self.at.isoformat(timespec="milliseconds"),
        }


def notes(database: Database, call_ids: Iterable[str]) -> dict[str, CallNote]:
    """Return the notes of these calls, by call.

    Raises:
        DatabaseUnusable: the database cannot be used; so do all functions of this module.
    """
    ids = list(call_ids)
    with database.begin() as connection:
        rows = connection.execute(select(CALL_NOTES).where(CALL_NOTES.c.call_id.in_(ids))).mappings()
        return {row["call_id"]: CallNote(**{**row, "checked": tuple(json.loads(row["checked"]))}) for row in rows}


def save(database: Database, call_id: str, text: str, version: int, by: str, at: datetime) -> int | None:
    """Save the text of a note over its earlier ``version``.

    Returns:
        The new version; None if the text was changed meanwhile.
    """
    values = {"text": text[:LONGEST], "version": version + 1, "by": by, "at": at}
    unchanged = (CALL_NOTES.c.call_id == call_id) & (CALL_NOTES.c.version == version)
    with database.begin() as connection:
        if connection.execute(update(CALL_NOTES).where(unchanged).values(values)).rowcount:
            return version + 1
        if version:
            return None
        return version + 1 if _put_first_note(connection, call_id, values) else None


def save_beside_text(database: Database, call_id: str, by: str, at: datetime, **values: str | Sequence[str]) -> None:
    """Save ``result`` or ``checked`` of a call; its text, which may be written at this moment, stays as it is."""
    columns = {name: value if isinstance(value, str) else json.dumps(list(value)) for name, value in values.items()}
    change = update(CALL_NOTES).where(CALL_NOTES.c.call_id == call_id).values(by=by, at=at, **columns)
    with database.begin() as connection:
        if not connection.execute(change).rowcount and not _put_first_note(
            connection, call_id, {"by": by, "at": at, **columns}
        ):
            connection.execute(change)  # another process has begun the note in between


def _put_first_note(connection: Connection, call_id: str, values: dict[str, Any]) -> bool:
    """Write the first note of a call; return False if the call has a note already."""
    first = {"text": "", "version": 0, "result": "", "checked": "[]", **values}
    try:
        with connection.begin_nested():
            connection.execute(insert(CALL_NOTES).values(call_id=call_id, **first))
    except IntegrityError:
        return False
    return True


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
    ids = list(work_orders)
    with database.begin() as connection:
        rows = connection.execute(select(SETTLED_MESSAGES).where(SETTLED_MESSAGES.c.work_order.in_(ids)))
        return {row.work_order: (row.text, row.by, row.at) for row in rows}


def open_messages(database: Database) -> int:
    """Return how many messages of callers nobody has settled."""
    settled = select(SETTLED_MESSAGES.c.work_order)
    count = select(func.count()).select_from(WORK_ORDERS)
    count = count.where(WORK_ORDERS.c.recording != "", WORK_ORDERS.c.work_order.not_in(settled))
    with database.begin() as connection:
        return int(connection.execute(count).scalar_one())
