"""The nodes of a cluster in the database: each node writes that it is alive, and reads whether it is to take calls.

Only the database's clock decides whether a node is alive, because the clocks of machines differ.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.engine import Row

from ivr.cluster.cluster_schema import CLUSTER_NODES
from ivr.cluster.node_model import NodeNow, NodeState, WantedState
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database

_COLUMNS = CLUSTER_NODES.c


def report(database: Database, node: str, values: Mapping[str, Any]) -> WantedState:
    """Write the report of a node (all columns but node and wanted); return the state that an admin wants for it.

    Raises:
        DatabaseUnusable: The database cannot be used; so do all functions of this module.
    """
    with database.begin() as connection:
        now = now_of(connection)
        known = connection.execute(
            update(CLUSTER_NODES).where(_COLUMNS.node == node).values(**values, seen_at=now).returning(_COLUMNS.wanted)
        ).scalar()
        if known is None:
            first = {"node": node, "wanted": WantedState.OPEN.value, "wanted_by": "", **values, "seen_at": now}
            insert(connection, CLUSTER_NODES, [first], skip_existing=True)
        return WantedState.read(known or WantedState.OPEN)


def say_alive(database: Database, node: str) -> None:
    """Write that a node is alive, and change nothing else of its report."""
    with database.begin() as connection:
        here = update(CLUSTER_NODES).where(_COLUMNS.node == node)
        connection.execute(here.values(seen_at=now_of(connection)))


def set_wanted_state(database: Database, node: str, wanted: WantedState, by: str) -> bool:
    """Write the state that an admin wants for a node; return False if no node of that name ever reported."""
    with database.begin() as connection:
        changed = update(CLUSTER_NODES).where(_COLUMNS.node == node).values(wanted=wanted.value, wanted_by=by)
        return connection.execute(changed).rowcount == 1


def nodes(database: Database) -> list[NodeNow]:
    """Return all nodes that ever reported, sorted by name."""
    with database.begin() as connection:
        now = now_of(connection)
        return [_node(row, now) for row in connection.execute(select(CLUSTER_NODES).order_by(_COLUMNS.node))]


def _node(row: Row[Any], now: datetime) -> NodeNow:
    return NodeNow(
        row.node,
        WantedState.read(row.wanted),
        row.wanted_by,
        NodeState.read(row.state),
        row.calls,
        row.program,
        row.registry,
        row.secrets,
        row.why,
        (now - row.seen_at).total_seconds(),
        row.status or {},
    )


def now_of(connection: Connection) -> datetime:
    """Return the time of the database's clock."""
    found = connection.scalar(select(func.clock_timestamp()))
    assert isinstance(found, datetime)
    return found
