"""The homes of groups in the database. A home is a lease by the database's clock, so that a group never has two homes.

A node renews its leases twice a second. A node takes the lease of a group after the earlier lease has expired or was
given up.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from sqlalchemy import func as sql
from sqlalchemy import select, update

from ivr.cluster.cluster_schema import CLUSTER_HOMES
from ivr.cluster.group_homes import GroupHome
from ivr.cluster.node_store import now_of
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database

LEASE = timedelta(seconds=5)
_COLUMNS = CLUSTER_HOMES.c
_FIRST = 1


def keep_homes(database: Database, node: str, wanted: Mapping[str, str], held: Collection[str]) -> list[GroupHome]:
    """Renew a node's leases, take the free leases that ``wanted`` gives to the node, and return all homes.

    Args:
        database: the call database.
        node: the node that asks.
        wanted: the node that each group's home is to be.
        held: groups whose lease the node renews although another node is to be their home, because it still has
            their callers or seats.

    Raises:
        DatabaseUnusable: The database cannot be used; so do all functions of this module.
    """
    own = sorted(group for group, home in wanted.items() if home == node)
    with database.begin() as connection:
        now = now_of(connection)
        rows = {row.group: row for row in connection.execute(select(CLUSTER_HOMES).order_by(_COLUMNS.group))}
        ends = now + LEASE
        renewable = sorted(
            group
            for group, row in rows.items()
            if row.node == node and row.until > now and (group in held or wanted.get(group) == node)
        )
        if renewable:
            renewed = update(CLUSTER_HOMES).where(_COLUMNS.group.in_(renewable), _COLUMNS.node == node)
            connection.execute(renewed.values(until=ends))
        for group in own:
            row = rows.get(group)
            if row is None:
                first = {"group": group, "node": node, "generation": _FIRST, "until": ends}
                insert(connection, CLUSTER_HOMES, [first], skip_existing=True)
            elif row.until <= now:
                free = update(CLUSTER_HOMES).where(_COLUMNS.group == group, _COLUMNS.generation == row.generation)
                connection.execute(
                    free.where(_COLUMNS.until <= sql.clock_timestamp()).values(
                        node=node, generation=row.generation + 1, until=ends
                    )
                )
        found = connection.execute(select(CLUSTER_HOMES).order_by(_COLUMNS.group))
        return [GroupHome(row.group, row.node, row.generation, row.until > now) for row in found]


def give_up(database: Database, node: str, groups: Iterable[str]) -> None:
    """End a node's leases of these groups at once."""
    with database.begin() as connection:
        own = update(CLUSTER_HOMES).where(_COLUMNS.group.in_(list(groups)), _COLUMNS.node == node)
        connection.execute(own.values(until=now_of(connection)))
