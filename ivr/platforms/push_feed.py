"""Makes the messages to a platform about new rows of the call database: ended calls, acts on work orders, articles.

Positions in the database mark the rows that were read, so that a restart loses nothing, and the code that writes
records and acts needs no knowledge of platforms.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ivr.knowledge.article import Article, article_after
from ivr.knowledge.store.article_schema import ARTICLE_EVENTS
from ivr.knowledge.store.article_store import events_of_article
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.order import Order, order_after
from ivr.orders.platform_model import Platform, PlatformObject
from ivr.orders.store import order_store
from ivr.orders.store.order_schema import ORDER_EVENTS
from ivr.platforms.platform_message import PlatformMessage, article_message, call_message, order_messages
from ivr.platforms.push_schema import PLATFORM_MESSAGES, PLATFORM_POSITIONS
from ivr.platforms.push_store import put_messages
from ivr.records.derive.record_parts import Outcome
from ivr.records.store.queries import records_of, to_json
from ivr.records.store.schema import CALLS

_AT_ONCE = 500
_COMMITTED_AFTER = timedelta(
    seconds=10
)  # because the commits of two writers may not be in the order of their rows' ids
_IMPORTED_AFTER = timedelta(minutes=10)  # because a record may be imported after the record of a call that ended later
_POSITIONS = PLATFORM_POSITIONS.c


def feed_platform(connection: Connection, platform: Platform, directory: OrderDirectory, now: datetime) -> bool:
    """Store the messages to one platform about new rows, and the new position, in one transaction.

    Args:
        connection: in a transaction.
        platform: one of ``directory``.
        directory: the content of orders.yaml in force.
        now: aware.

    Returns:
        Whether there may be more new rows.
    """
    row, is_new = _position(connection, platform, {"call_ended_at": now})
    if is_new:  # a new platform gets later events and all articles; `ivr push --since` sends earlier events
        return False
    events = _new_rows(connection, ORDER_EVENTS, ORDER_EVENTS.c.order, row.order_event)
    for order in dict.fromkeys(event.object for event in events):
        new_acts = {event.sequence for event in events if event.object == order}
        put_messages(connection, platform.name, _order_messages(connection, order, new_acts, directory, platform), now)
    position: dict[str, Any] = {"order_event": _last_committed(events, now)}
    if PlatformObject.ARTICLES in platform.sends:
        acts = _new_rows(connection, ARTICLE_EVENTS, ARTICLE_EVENTS.c.article, row.article_event)
        for article in dict.fromkeys(act.object for act in acts):
            new_acts = {act.sequence for act in acts if act.object == article}
            put_messages(connection, platform.name, _article_messages(connection, article, new_acts), now)
        position["article_event"] = _last_committed(acts, now)
    if PlatformObject.CALLS in platform.sends:
        calls = list(_call_messages(connection, platform, row.call_ended_at))
        put_messages(connection, platform.name, calls, now)
        position["call_ended_at"] = max((call.at for call in calls), default=None)
    moved = {name: value for name, value in position.items() if value is not None and value > row._mapping[name]}
    if moved:
        connection.execute(update(PLATFORM_POSITIONS).where(_POSITIONS.platform == platform.name).values(moved))
    return len(events) == _AT_ONCE and "order_event" in moved


def feed_again(connection: Connection, platform: Platform, since: datetime) -> None:
    """Move a platform's position back, so that events at ``since`` (aware) or later are read again."""
    tables = {"order_event": ORDER_EVENTS, "article_event": ARTICLE_EVENTS}
    first_ids = {
        name: connection.scalar(select(func.min(table.c.id)).where(table.c.at >= since))
        for name, table in tables.items()
    }
    position: dict[str, Any] = {"call_ended_at": since + _IMPORTED_AFTER}
    position |= {name: row_id - 1 for name, row_id in first_ids.items() if row_id is not None}
    row, is_new = _position(connection, platform, position | {"article_event": 0})
    if is_new:
        return
    moved_back = {name: value for name, value in position.items() if value < row._mapping[name]}
    if moved_back:
        connection.execute(update(PLATFORM_POSITIONS).where(_POSITIONS.platform == platform.name).values(moved_back))


def _position(connection: Connection, platform: Platform, start_values: dict[str, Any]) -> tuple[Row[Any], bool]:
    """Return a platform's position, and whether it is new. A new position begins at ``start_values``.

    For a table that ``start_values`` lacks, the position is the last event. Another process may begin the position
    meanwhile.
    """
    position_query = select(PLATFORM_POSITIONS).where(_POSITIONS.platform == platform.name)
    if (row := connection.execute(position_query).one_or_none()) is not None:
        return row, False
    last_event = connection.scalar(select(func.max(ORDER_EVENTS.c.id))) or 0
    first_row = {"platform": platform.name, "order_event": last_event, "article_event": 0, **start_values}
    try:
        with connection.begin_nested():
            connection.execute(insert(PLATFORM_POSITIONS).values(first_row))
    except IntegrityError:
        return connection.execute(position_query).one(), False
    return connection.execute(position_query).one(), True


def _new_rows(connection: Connection, table: Table, name: Column[str], position: int) -> Sequence[Row[Any]]:
    """Return the events after a position: ``id``, ``object`` from the column ``name``, ``sequence``, ``at``."""
    columns = table.c
    query = select(columns.id, name.label("object"), columns.sequence, columns.at).where(columns.id > position)
    return connection.execute(query.order_by(columns.id).limit(_AT_ONCE)).all()


def _last_committed(events: Sequence[Row[Any]], now: datetime) -> int | None:
    """Return the last id below which no transaction can still add a row; None if there is none."""
    return max((event.id for event in events if event.at < now - _COMMITTED_AFTER), default=None)


def _article_messages(connection: Connection, name: str, new_acts: set[int]) -> Iterator[PlatformMessage]:
    article: Article | None = None
    for event in events_of_article(connection, name):
        article = article_after(article, event)
        if event.sequence in new_acts and (message := article_message(article, event)):
            yield message


def _order_messages(
    connection: Connection, number: str, new_acts: set[int], directory: OrderDirectory, platform: Platform
) -> Iterator[PlatformMessage]:
    order: Order | None = None
    for event in order_store.events_of(connection, number):
        order = order_after(order, event)
        if event.sequence in new_acts:
            yield from order_messages(order, event, directory, platform)


def _call_messages(connection: Connection, platform: Platform, ended_at: datetime) -> Iterator[PlatformMessage]:
    """Return the messages about ended calls for which the platform has no message yet."""
    messages = PLATFORM_MESSAGES.c
    is_told = (
        select(messages.id)
        .where(
            messages.platform == platform.name,
            messages.object == PlatformObject.CALLS.value,
            messages.key == CALLS.c.call_id,
        )
        .exists()
    )
    is_new = (CALLS.c.ended_at > ended_at - _IMPORTED_AFTER) & (CALLS.c.outcome != Outcome.IN_PROGRESS.value)
    new_calls = select(CALLS.c.call_id).where(is_new, ~is_told).order_by(CALLS.c.ended_at).limit(_AT_ONCE)
    for record in records_of(connection, new_calls):
        assert record.ended_at is not None
        yield call_message(record.call_id, to_json(record), record.ended_at, platform)
