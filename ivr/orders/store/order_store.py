"""Writes and reads single work orders. Each act is one transaction; of two acts at the same moment one succeeds."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order import Order, OrderEvent, order_after
from ivr.orders.store.order_rows import event_from_row, event_to_row, order_from_body, order_to_row, words_of
from ivr.orders.store.order_schema import ORDER_EVENTS, ORDER_FILES, ORDER_WORDS, ORDERS
from ivr.orders.store.word_index import index_words
from ivr.routing.calendar import city_time

_RANDOM_DIGITS = 6


class ChangedMeanwhile(Exception):
    """The work order was changed by another act since it was read; read it again."""


def new_number(connection: Connection, now: datetime) -> str:
    """Return a free number for a work order: the day, then six digits that nobody can guess from another number."""
    while True:
        number = f"{city_time(now):%y%m%d}{secrets.randbelow(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}}"
        if connection.scalar(select(ORDERS.c.order).where(ORDERS.c.order == number)) is None:
            return number


def find(connection: Connection, number: str) -> Order | None:
    """Return a work order; None if there is no work order of that number."""
    body = connection.scalar(select(ORDERS.c.body).where(ORDERS.c.order == number))
    return None if body is None else order_from_body(body)


def number_of_source(connection: Connection, source: str) -> str | None:
    """Return the number of the work order of ``source``; None if there is no such work order."""
    return connection.scalar(select(ORDERS.c.order).where(ORDERS.c.source == source))


def numbers_of_calls(connection: Connection, call_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the numbers of the work orders that calls made, the oldest first, by the call's id."""
    query = select(ORDERS.c.call_id, ORDERS.c.order).where(ORDERS.c.call_id.in_(call_ids))
    numbers_by_call: dict[str, list[str]] = {}
    for call_id, number in connection.execute(query.order_by(ORDERS.c.opened_at)):
        numbers_by_call.setdefault(call_id, []).append(number)
    return numbers_by_call


def events_of(connection: Connection, number: str) -> list[OrderEvent]:
    """Return all events of a work order, in order."""
    query = select(ORDER_EVENTS).where(ORDER_EVENTS.c.order == number).order_by(ORDER_EVENTS.c.sequence)
    return [event_from_row(row) for row in connection.execute(query).mappings()]


def acts_since(connection: Connection, since: datetime, acts: Collection[OrderAct]) -> list[OrderEvent]:
    """Return the events of some acts at that time (aware) or later, in the order in which they were written."""
    of_acts = ORDER_EVENTS.c.act.in_([act.value for act in acts])
    query = select(ORDER_EVENTS).where(ORDER_EVENTS.c.at >= since, of_acts).order_by(ORDER_EVENTS.c.id)
    return [event_from_row(row) for row in connection.execute(query).mappings()]


def write(connection: Connection, order: Order | None, event: OrderEvent, directory: OrderDirectory) -> Order:
    """Write an event, and the work order that follows from it.

    Args:
        connection: in a transaction.
        order: the work order that was read; None for a new work order.
        event: the next event.
        directory: for the due day.

    Raises:
        ChangedMeanwhile: another event was written since the work order was read; nothing was written.
    """
    changed = order_after(order, event)
    row = order_to_row(changed, directory)
    if order is None:
        try:
            connection.execute(insert(ORDERS).values(row))
        except IntegrityError as error:
            raise ChangedMeanwhile from error
        connection.execute(insert(ORDER_WORDS).values(order=changed.order, words=words_of(changed)))
        index_words(connection, changed.order, words_of(changed))
    else:
        # This comes first, because it takes the lock: the second of two acts at the same moment finds a new sequence.
        unchanged = (ORDERS.c.order == order.order) & (ORDERS.c.sequence == order.sequence)
        if connection.execute(update(ORDERS).where(unchanged).values(row)).rowcount != 1:
            raise ChangedMeanwhile
        if words_of(changed) != words_of(order):
            its_own = ORDER_WORDS.c.order == order.order
            connection.execute(update(ORDER_WORDS).where(its_own).values(words=words_of(changed)))
            index_words(connection, changed.order, words_of(changed), words_of(order))
    connection.execute(insert(ORDER_EVENTS).values(event_to_row(event)))
    if event.act is OrderAct.ATTACH:
        connection.execute(insert(ORDER_FILES).values(order=event.order, file=event.fields["file"]))
    return changed


def renew_due_days(connection: Connection, directory: OrderDirectory) -> int:
    """Compute the due day of every open work order again, after a change of the calendar; return how many changed."""
    open_orders = select(ORDERS.c.body, ORDERS.c.due_on).where(
        ORDERS.c.due_on.is_not(None), ORDERS.c.closed_at.is_(None)
    )
    changed = 0
    for body, stored_due_day in connection.execute(open_orders).all():
        row = order_to_row(order_from_body(body), directory)
        if row["due_on"] != stored_due_day:
            unchanged = (ORDERS.c.order == row["order"]) & (ORDERS.c.sequence == row["sequence"])
            changed += connection.execute(update(ORDERS).where(unchanged).values(due_on=row["due_on"])).rowcount
    return changed
