"""The lines of Asterisk's files that belong to one call, for an admin who looks into it."""

from typing import Any

from sqlalchemy import select

from ivr.records.store.database import Database
from ivr.records.store.schema import RAW_EVENTS

_MOST = 1000


def call_lines(database: Database, call_id: str) -> list[dict[str, Any]]:
    """Return the lines of a call, the oldest first, as Asterisk wrote them; [] if there is no such call.

    Raises:
        DatabaseUnusable: the database cannot be used.
    """
    query = select(RAW_EVENTS).where(RAW_EVENTS.c.call_id == call_id).order_by(RAW_EVENTS.c.at, RAW_EVENTS.c.id)
    with database.begin() as connection:
        rows = connection.execute(query.limit(_MOST)).mappings().all()
    return [
        {
            "at": row["at"].isoformat(timespec="milliseconds"),
            "source": row["source"],
            "line": row["line"],
            "problem": row["problem"],
        }
        for row in rows
    ]
