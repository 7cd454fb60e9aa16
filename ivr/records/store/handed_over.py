"""Calls that one node of a cluster handed over to another: both nodes write about the same call."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, select, text, update

from ivr.records.store.bulk_insert import insert
from ivr.records.store.schema import CALLS, HANDED_OVER, LEGS, RAW_EVENTS

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(call, 0)) FROM unnest(CAST(:calls AS text[])) AS call")


def put(connection: Connection, calls: Mapping[str, str]) -> None:
    """Store the call that each id stands for at this node; move lines that are stored under that id to the call."""
    insert(connection, HANDED_OVER, [{"leg": leg, "call_id": call} for leg, call in calls.items()], skip_existing=True)
    for leg, call in calls.items():
        connection.execute(update(RAW_EVENTS).where(RAW_EVENTS.c.call_id == leg).values(call_id=call))
    for table in (LEGS, CALLS):
        connection.execute(delete(table).where(table.c.call_id.in_(list(calls))))


def calls_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the original call of each id that a node gave to a call of another node; other ids are left out."""
    columns = HANDED_OVER.c
    rows = connection.execute(select(columns.leg, columns.call_id).where(columns.leg.in_(ids)))
    return {leg: call for leg, call in rows}


def lock_calls(connection: Connection, calls: Collection[str]) -> None:
    """Lock these calls until the transaction ends, so that another node makes no record that lacks these rows.

    The locks are taken in one order, so that no two nodes wait for each other. SQLite has one writer anyway.
    """
    if calls and connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"calls": sorted(calls)})
