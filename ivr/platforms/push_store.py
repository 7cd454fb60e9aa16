"""The messages to platforms in the call database: made once, delivered in order for each object, sent again on demand.

For each object only the undelivered message with the lowest version is due, so that a waiting message delays the later
messages about its object, and no others.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, update

from ivr.orders.platform_model import PlatformObject
from ivr.platforms.platform_message import PlatformMessage
from ivr.platforms.push_schema import PLATFORM_MESSAGES
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database

_AT_ONCE = 64
_LONGEST_PAUSE = 300  # seconds between two attempts
_COLUMNS = PLATFORM_MESSAGES.c


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that is to be sent."""

    id: int  # of the row
    message: PlatformMessage


def put_messages(connection: Connection, platform: str, messages: Iterable[PlatformMessage], now: datetime) -> None:
    """Store messages; a message that is stored already stays unchanged."""
    rows = [
        {
            "platform": platform,
            "message": message.id,
            "object": message.object.value,
            "key": message.key,
            "version": message.version,
            "at": message.at,
            "body": json.dumps(message.to_json(), ensure_ascii=False),
            "next_at": now,
            "tries": 0,
        }
        for message in messages
    ]
    insert(connection, PLATFORM_MESSAGES, rows, skip_existing=True)


def due_messages(database: Database, platform: str, now: datetime) -> list[WaitingMessage]:
    """Return for each object the first undelivered message, if its next attempt is due; the oldest messages first.

    An attempt that lies farther ahead than the longest pause is due at once, because the clock was set back.

    Raises:
        DatabaseUnusable: the database cannot be used; so do all functions of this module that take a database.
    """
    waits = (_COLUMNS.platform == platform) & _COLUMNS.delivered_at.is_(None)
    lowest_versions = (
        select(_COLUMNS.object, _COLUMNS.key, func.min(_COLUMNS.version).label("version"))
        .where(waits)
        .group_by(_COLUMNS.object, _COLUMNS.key)
        .subquery()
    )
    is_first = (
        (_COLUMNS.object == lowest_versions.c.object)
        & (_COLUMNS.key == lowest_versions.c.key)
        & (_COLUMNS.version == lowest_versions.c.version)
    )
    is_due = (_COLUMNS.next_at <= now) | (_COLUMNS.next_at > now + timedelta(seconds=_LONGEST_PAUSE))
    query = select(_COLUMNS.id, _COLUMNS.body).join(lowest_versions, is_first).where(waits, is_due)
    with database.begin() as connection:
        rows = connection.execute(query.order_by(_COLUMNS.at, _COLUMNS.id).limit(_AT_ONCE)).all()
    return [WaitingMessage(row.id, _from_json(json.loads(row.body))) for row in rows]


def message_delivered(database: Database, waiting: WaitingMessage, now: datetime) -> None:
    """Store that the platform accepted a message."""
    with database.begin() as connection:
        row = _COLUMNS.id == waiting.id
        connection.execute(update(PLATFORM_MESSAGES).where(row).values(delivered_at=now, problem=None))


def message_failed(database: Database, waiting: WaitingMessage, problem: str, now: datetime) -> None:
    """Store a failure, and delay the next attempt: by 1 s, 2 s, 4 s, … five minutes."""
    row = _COLUMNS.id == waiting.id
    with database.begin() as connection:
        tries = connection.scalar(select(_COLUMNS.tries).where(row)) or 0
        next_at = now + timedelta(seconds=min(2 ** min(tries, 20), _LONGEST_PAUSE))
        connection.execute(
            update(PLATFORM_MESSAGES).where(row).values(next_at=next_at, tries=tries + 1, problem=problem[:500])
        )


def is_behind(database: Database, waiting: WaitingMessage) -> bool:
    """Tell whether later messages about the object were made first, as when ``ivr push --since`` adds old events."""
    sent_message = select(PLATFORM_MESSAGES).where(_COLUMNS.id == waiting.id).subquery()
    of_object = [sent_message.c[name] == _COLUMNS[name] for name in ("platform", "object", "key")]
    later_messages = select(_COLUMNS.id).join(sent_message, and_(*of_object))
    later_messages = later_messages.where(_COLUMNS.version > sent_message.c.version, _COLUMNS.id < sent_message.c.id)
    with database.begin() as connection:
        return connection.scalar(later_messages.limit(1)) is not None


def send_again(connection: Connection, platform: str, since: datetime, now: datetime) -> int:
    """Mark all messages about events at ``since`` (aware) or later as undelivered; return their number."""
    of_platform = (_COLUMNS.platform == platform) & (_COLUMNS.at >= since)
    renewal = update(PLATFORM_MESSAGES).where(of_platform, _COLUMNS.delivered_at.is_not(None))
    return connection.execute(renewal.values(delivered_at=None, next_at=now, tries=0)).rowcount


def try_now(database: Database, platform: str, now: datetime) -> None:
    """Make all waiting messages due at once."""
    waits = (_COLUMNS.platform == platform) & _COLUMNS.delivered_at.is_(None)
    with database.begin() as connection:
        connection.execute(update(PLATFORM_MESSAGES).where(waits).values(next_at=now, tries=0))


def push_state(database: Database, platform: str) -> dict[str, Any]:
    """Return for each kind of object the numbers of delivered and waiting messages, with times and last problems."""
    is_waiting = _COLUMNS.delivered_at.is_(None)
    waiting = func.sum(func.coalesce(_COLUMNS.delivered_at.is_(None).cast(_COLUMNS.version.type), 0))
    counts = (
        select(_COLUMNS.object, func.count(), waiting).where(_COLUMNS.platform == platform).group_by(_COLUMNS.object)
    )
    with database.begin() as connection:
        by_object = {
            row[0]: {"delivered": row[1] - int(row[2] or 0), "waiting": int(row[2] or 0)}
            for row in connection.execute(counts)
        }
        waits = (_COLUMNS.platform == platform) & is_waiting
        oldest = connection.scalar(select(func.min(_COLUMNS.at)).where(waits))
        latest = connection.scalar(select(func.max(_COLUMNS.delivered_at)).where(_COLUMNS.platform == platform))
        problem_query = select(_COLUMNS.message, _COLUMNS.problem).where(waits, _COLUMNS.problem.is_not(None))
        problems = connection.execute(problem_query.order_by(_COLUMNS.at, _COLUMNS.id).limit(5)).all()
    return {
        "objects": {
            platform_object.value: by_object[platform_object.value]
            for platform_object in PlatformObject
            if platform_object.value in by_object
        },
        "waiting_since": oldest and oldest.isoformat(timespec="seconds"),
        "delivered_at": latest and latest.isoformat(timespec="seconds"),
        "problems": [{"message": message, "problem": problem} for message, problem in problems],
    }


def purge_messages(database: Database, before: datetime) -> None:
    """Delete the messages that were delivered before ``before`` (aware)."""
    with database.begin() as connection:
        connection.execute(delete(PLATFORM_MESSAGES).where(_COLUMNS.delivered_at < before))


def _from_json(body: dict[str, Any]) -> PlatformMessage:
    return PlatformMessage(
        body["id"],
        PlatformObject(body["object"]),
        body["key"],
        body["version"],
        datetime.fromisoformat(body["at"]),
        body["data"],
    )
