"""Deletes work orders after the retention period, which begins at their end. Open work orders are never deleted."""

from datetime import datetime

from sqlalchemy import delete, select

from ivr.orders.store.order_schema import ORDER_EVENTS, ORDER_FILES, ORDER_PAIRS, ORDER_WORDS, ORDERS
from ivr.records.store.database import Database

_BATCH = 200  # work orders in a transaction, during which the import has to wait


def purge_orders(database: Database, before: datetime) -> int:
    """Delete some of the work orders that ended before ``before`` (aware), with their events; their files follow.

    Returns:
        How many were deleted; 0 if none is left.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    with database.begin() as connection:
        expired = connection.scalars(select(ORDERS.c.order).where(ORDERS.c.closed_at < before).limit(_BATCH)).all()
        for table in (ORDER_EVENTS, ORDER_FILES, ORDER_PAIRS, ORDER_WORDS, ORDERS):
            connection.execute(delete(table).where(table.c.order.in_(expired)))
    return len(expired)
