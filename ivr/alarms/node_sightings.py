"""Conditions that the nodes of one hotline see, in their database: the node that has the turn raises the alarms."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy import insert as insert_into

from ivr.alarms.alarm_news import kind_of
from ivr.alarms.alarm_rules import AlarmCondition
from ivr.alarms.alarm_schema import ALARM_SIGHTINGS
from ivr.records.store.database import Database

FRESH = timedelta(seconds=30)
"""What a node saw before counts no more: the node is gone, and the alarm about it is the cluster's."""

_COLUMNS = ALARM_SIGHTINGS.c


def tell_sightings(database: Database, node: str, wrong: Iterable[AlarmCondition], now: datetime) -> None:
    """Replace the earlier sightings of a node.

    Raises:
        DatabaseUnusable: the database cannot be used. The other function raises it, too.
    """
    rows = [
        {"node": node, "kind": one.kind.value, "about": one.about, "figure": one.figure, "lasts": one.lasts, "at": now}
        for one in wrong
    ]
    with database.begin() as connection:
        connection.execute(delete(ALARM_SIGHTINGS).where(_COLUMNS.node == node))
        if rows:
            connection.execute(insert_into(ALARM_SIGHTINGS), rows)


def with_sightings(database: Database, node: str, own: Sequence[AlarmCondition], now: datetime) -> list[AlarmCondition]:
    """Return the conditions of all nodes; if several nodes see a condition, the worst of them."""
    others = select(ALARM_SIGHTINGS).where(_COLUMNS.node != node, _COLUMNS.at > now - FRESH)
    with database.begin() as connection:
        rows = connection.execute(others).all()
    seen = [
        AlarmCondition(kind, row.about, row.figure, row.lasts)
        for row in rows
        if (kind := kind_of(row.kind)) is not None
    ]
    highest: dict[tuple[str, str], AlarmCondition] = {}
    for one in (*own, *seen):
        before = highest.get((one.kind, one.about))
        if before is None or one.figure > before.figure:
            highest[one.kind, one.about] = one
    return list(highest.values())
