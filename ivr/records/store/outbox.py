"""Events that wait to be delivered: put in with the records they follow from, taken out in each call's own order.

They wait until they are delivered, or their call's record is deleted (`ivr.records.purge.expired_calls`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ivr.records.derive.notifications import events_of
from ivr.records.derive.record import CallRecord
from ivr.records.store.database import Database
from ivr.records.store.schema import EventRow

_NEWS = timedelta(days=1)  # older calls, read from old files, are no news
_REMEMBERED = 2 * _NEWS  # longer, so that a delivered event is not made again
_AT_ONCE = 64
_LONGEST_PAUSE = 300  # seconds between two tries


@dataclass(frozen=True, slots=True)
class Waiting:
    """One event to be sent."""

    id: int
    event: str
    body: str


def put(database: Database, session: Session, records: Iterable[CallRecord], names: Mapping[str, str]) -> None:
    """Add what has happened to these calls and is not there yet; calls of yesterday are no news."""
    now = datetime.now(UTC)
    rows = [
        {
            "event": event.id,
            "call_id": event.call_id,
            "body": json.dumps(event.body, ensure_ascii=False),
            "made_at": now,
            "next_at": now,
            "tries": 0,
        }
        for record in records
        if record.started_at > now - _NEWS
        for event in events_of(record, names)
    ]
    if rows:
        session.execute(database.insert_new(EventRow), rows)


def due(database: Database, now: datetime) -> list[Waiting]:
    """Return the first undelivered event of each call, as far as it may be tried now, oldest first.

    One that is to wait for longer than any pause waits for a clock that was set back: it is tried now.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    first = select(func.min(EventRow.id)).where(EventRow.delivered_at.is_(None)).group_by(EventRow.call_id)
    its_turn = (EventRow.next_at <= now) | (EventRow.next_at > now + timedelta(seconds=_LONGEST_PAUSE))
    wanted = select(EventRow).where(EventRow.id.in_(first), its_turn).order_by(EventRow.id)
    with database.begin() as session:
        return [Waiting(row.id, row.event, row.body) for row in session.scalars(wanted.limit(_AT_ONCE))]


def delivered(database: Database, waiting: Waiting, now: datetime) -> None:
    """Remember that an event has arrived."""
    with database.begin() as session:
        session.execute(update(EventRow).where(EventRow.id == waiting.id).values(delivered_at=now))


def failed(database: Database, waiting: Waiting, now: datetime) -> None:
    """Let an event wait before it is tried again: 1 s, 2 s, 4 s, … five minutes."""
    with database.begin() as session:
        row = session.get(EventRow, waiting.id)
        if row:
            row.next_at = now + timedelta(seconds=min(2 ** min(row.tries, 20), _LONGEST_PAUSE))
            row.tries += 1


def forget_delivered(database: Database, now: datetime) -> None:
    """Remove what was delivered and is old."""
    with database.begin() as session:
        session.execute(delete(EventRow).where(EventRow.delivered_at < now - _REMEMBERED))
