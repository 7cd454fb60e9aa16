"""Makes the messages to a platform of what is new in the call database: ended calls, acts on work orders.

What is new follows from positions in the database, so that a restart loses nothing, and nothing that writes a record or
an act needs to know of platforms.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.order import Order, applied
from ivr.orders.platform_model import Platform, PlatformObject
from ivr.orders.store import order_store
from ivr.orders.store.order_schema import ORDER_EVENTS
from ivr.platforms.platform_message import PlatformMessage, call_message, order_messages
from ivr.platforms.push_schema import PLATFORM_MESSAGES, PLATFORM_POSITIONS
from ivr.platforms.push_store import put_messages
from ivr.records.derive.record_parts import Outcome
from ivr.records.store.queries import records_of, to_json
from ivr.records.store.schema import CALLS

_AT_ONCE = 500
_COMMITTED_AFTER = timedelta(seconds=10)  # two writers may commit in another order than that of their rows' ids
_IMPORTED_AFTER = timedelta(minutes=10)  # a call's record may be imported later than that of a call that ended later
_POSITIONS = PLATFORM_POSITIONS.c


def feed_platform(connection: Connection, platform: Platform, directory: OrderDirectory, now: datetime) -> bool:
    """Store the messages to one platform of what is new, and the new position, in one transaction.

    Args:
        connection: in a transaction.
        platform: one of ``directory``.
        directory: what orders.yaml says now.
        now: aware.

    Returns:
        Whether there may be more.
    """
    row = connection.execute(select(PLATFORM_POSITIONS).where(_POSITIONS.platform == platform.name)).one_or_none()
    if row is None:  # a new platform is told what happens from now on; `ivr push --since` tells more
        last = connection.scalar(select(func.max(ORDER_EVENTS.c.id))) or 0
        start = {"platform": platform.name, "order_event": last, "call_ended_at": now, "article_event": 0}
        connection.execute(insert(PLATFORM_POSITIONS).values(start))
        return False
    events = connection.execute(
        select(ORDER_EVENTS.c.id, ORDER_EVENTS.c.order, ORDER_EVENTS.c.sequence, ORDER_EVENTS.c.at)
        .where(ORDER_EVENTS.c.id > row.order_event)
        .order_by(ORDER_EVENTS.c.id)
        .limit(_AT_ONCE)
    ).all()
    for order in dict.fromkeys(event.order for event in events):
        wanted = {event.sequence for event in events if event.order == order}
        put_messages(connection, platform.name, _of_order(connection, order, wanted, directory, platform), now)
    position = {"order_event": max((event.id for event in events if event.at < now - _COMMITTED_AFTER), default=None)}
    if PlatformObject.CALLS in platform.sends:
        calls = list(_of_calls(connection, platform, row.call_ended_at))
        put_messages(connection, platform.name, calls, now)
        position["call_ended_at"] = max((call.at for call in calls), default=None)
    moved = {name: value for name, value in position.items() if value is not None and value > row._mapping[name]}
    if moved:
        connection.execute(update(PLATFORM_POSITIONS).where(_POSITIONS.platform == platform.name).values(moved))
    return len(events) == _AT_ONCE and "order_event" in moved


def feed_again(connection: Connection, platform: Platform, since: datetime) -> None:
    """Move a platform's position back, so that what happened at ``since`` (aware) or later is looked at again."""
    first = connection.scalar(select(func.min(ORDER_EVENTS.c.id)).where(ORDER_EVENTS.c.at >= since))
    row = connection.execute(select(PLATFORM_POSITIONS).where(_POSITIONS.platform == platform.name)).one_or_none()
    position = {"call_ended_at": since + _IMPORTED_AFTER}
    if first is not None:
        position["order_event"] = first - 1
    if row is None:
        last = connection.scalar(select(func.max(ORDER_EVENTS.c.id))) or 0
        start = {"platform": platform.name, "order_event": last, "article_event": 0, **position}
        connection.execute(insert(PLATFORM_POSITIONS).values(start))
        return
    earlier = {name: value for name, value in position.items() if value < row._mapping[name]}
    if earlier:
        connection.execute(update(PLATFORM_POSITIONS).where(_POSITIONS.platform == platform.name).values(earlier))


def _of_order(
    connection: Connection, number: str, wanted: set[int], directory: OrderDirectory, platform: Platform
) -> Iterator[PlatformMessage]:
    order: Order | None = None
    for event in order_store.events_of(connection, number):
        order = applied(order, event)
        if event.sequence in wanted:
            yield from order_messages(order, event, directory, platform)


def _of_calls(connection: Connection, platform: Platform, ended_at: datetime) -> Iterator[PlatformMessage]:
    """Return the messages of ended calls that were not told yet."""
    told = PLATFORM_MESSAGES.c
    is_told = (
        select(told.id)
        .where(told.platform == platform.name, told.object == PlatformObject.CALLS.value, told.key == CALLS.c.call_id)
        .exists()
    )
    is_new = (CALLS.c.ended_at > ended_at - _IMPORTED_AFTER) & (CALLS.c.outcome != Outcome.IN_PROGRESS.value)
    new = select(CALLS.c.call_id).where(is_new, ~is_told).order_by(CALLS.c.ended_at).limit(_AT_ONCE)
    for record in records_of(connection, new):
        assert record.ended_at is not None
        yield call_message(record.call_id, to_json(record), record.ended_at, platform)
