"""The outbox: notifications that wait for delivery.

A notification is stored in the same transaction as the record that it follows from. It stays until it is delivered,
or until its call's record is purged (`ivr.records.purge.expired_calls`). Those of one call are delivered in order.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.notifications import notifications_of
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import OUTBOX

_OLDEST_CALL = timedelta(days=1)  # an older call, which an import of old files reads, causes no notification
_KEPT_AFTER_DELIVERY = 2 * _OLDEST_CALL  # longer than `_OLDEST_CALL`, so that no delivered notification is made again
_AT_ONCE = 64
_LONGEST_PAUSE = 300  # seconds between two attempts of delivery


@dataclass(frozen=True, slots=True)
class PendingNotification:
    """One notification to be delivered."""

    id: int  # of the row
    event: str  # the notification's id
    body: str  # JSON


def put(connection: Connection, records: Iterable[CallRecord], names: Mapping[str, str]) -> None:
    """Store the notifications that follow from these records and are not stored yet; none for old calls."""
    now = datetime.now(UTC)
    rows = [
        {
            "event": notification.id,
            "call_id": notification.call_id,
            "body": json.dumps(notification.body, ensure_ascii=False),
            "made_at": now,
            "next_at": now,
            "tries": 0,
        }
        for record in records
        if record.started_at > now - _OLDEST_CALL
        for notification in notifications_of(record, names)
    ]
    insert(connection, OUTBOX, rows, skip_existing=True)


def put_notice(connection: Connection, event: str, about: str, body: Mapping[str, Any]) -> None:
    """Store a notification that follows from no call; ``about`` is in the place of the call's id."""
    now = datetime.now(UTC)
    text = json.dumps({"id": event, **body}, ensure_ascii=False)
    row = {"event": event, "call_id": about, "body": text, "made_at": now, "next_at": now, "tries": 0}
    insert(connection, OUTBOX, [row], skip_existing=True)


def due_notifications(database: Database, now: datetime) -> list[PendingNotification]:
    """Return the first undelivered notification of each call if its next attempt is due, oldest first.

    A next attempt that is further away than the longest pause is due now, because the clock was set back.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    first = select(func.min(OUTBOX.c.id)).where(OUTBOX.c.delivered_at.is_(None)).group_by(OUTBOX.c.call_id)
    is_due = (OUTBOX.c.next_at <= now) | (OUTBOX.c.next_at > now + timedelta(seconds=_LONGEST_PAUSE))
    query = select(OUTBOX.c.id, OUTBOX.c.event, OUTBOX.c.body).where(OUTBOX.c.id.in_(first), is_due)
    with database.begin() as connection:
        return [PendingNotification(*row) for row in connection.execute(query.order_by(OUTBOX.c.id).limit(_AT_ONCE))]


def mark_delivered(database: Database, pending: PendingNotification, now: datetime) -> None:
    """Remember that a notification was delivered."""
    with database.begin() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == pending.id).values(delivered_at=now))


def mark_failed(database: Database, pending: PendingNotification, now: datetime) -> None:
    """Let a notification wait before the next attempt: 1 s, 2 s, 4 s, … five minutes."""
    row = OUTBOX.c.id == pending.id
    with database.begin() as connection:
        tries = connection.scalar(select(OUTBOX.c.tries).where(row))
        if tries is not None:
            next_at = now + timedelta(seconds=min(2 ** min(tries, 20), _LONGEST_PAUSE))
            connection.execute(update(OUTBOX).where(row).values(next_at=next_at, tries=tries + 1))


def purge_delivered(database: Database, now: datetime) -> None:
    """Delete the notifications that were delivered some days ago."""
    with database.begin() as connection:
        connection.execute(delete(OUTBOX).where(OUTBOX.c.delivered_at < now - _KEPT_AFTER_DELIVERY))
