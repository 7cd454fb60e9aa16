"""Conditions that the nodes of a hotline see, in the database. One node at a time raises the alarms of all nodes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy import insert as insert_into

from ivr.alarms.alarm_news import kind_of
from ivr.alarms.alarm_rules import AlarmCondition
from ivr.alarms.alarm_schema import ALARM_SIGHTINGS
from ivr.records.store.database import Database

FRESH = timedelta(seconds=30)
"""Older sightings of a node count no more: the node is gone, and the alarm about it is the cluster's."""

_COLUMNS = ALARM_SIGHTINGS.c


def store_sightings(database: Database, node: str, conditions: Iterable[AlarmCondition], now: datetime) -> None:
    """Replace the earlier sightings of a node.

    Raises:
        DatabaseUnusable: the database cannot be used. The other function raises it, too.
    """
    rows = [
        {
            "node": node,
            "kind": condition.kind.value,
            "about": condition.about,
            "figure": condition.figure,
            "lasts": condition.lasts,
            "at": now,
        }
        for condition in conditions
    ]  # fmt: skip
    with database.begin() as connection:
        connection.execute(delete(ALARM_SIGHTINGS).where(_COLUMNS.node == node))
        if rows:
            connection.execute(insert_into(ALARM_SIGHTINGS), rows)


def with_sightings(
    database: Database, node: str, own_conditions: Sequence[AlarmCondition], now: datetime
) -> list[AlarmCondition]:
    """Return the conditions of all nodes. If several nodes see a condition, the worst figure counts."""
    others_query = select(ALARM_SIGHTINGS).where(_COLUMNS.node != node, _COLUMNS.at > now - FRESH)
    with database.begin() as connection:
        rows = connection.execute(others_query).all()
    others_conditions = [
        AlarmCondition(kind, row.about, row.figure, row.lasts)
        for row in rows
        if (kind := kind_of(row.kind)) is not None
    ]
    highest: dict[tuple[str, str], AlarmCondition] = {}
    for condition in (*own_conditions, *others_conditions):
        higher = highest.get((condition.kind, condition.about))
        if higher is None or condition.figure > higher.figure:
            highest[condition.kind, condition.about] = condition
    return list(highest.values())
