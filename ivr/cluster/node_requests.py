"""Requests of one node to another, through the database, which only nodes may open.

A request is taken once, and within its deadline only: a node that was frozen does nothing for which nobody waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy import insert as insert_into

from ivr.cluster.cluster_schema import NODE_REQUESTS
from ivr.cluster.node_store import now_of
from ivr.records.store.database import Database
from ivr.records.store.notices import notify

TAKEN_WITHIN = timedelta(seconds=4)
"""A request that the node has not taken after this time is never done."""

CHANNEL = "node_requests"
"""The notices of requests: each has the name of the node that is asked."""

_KEPT = timedelta(minutes=10)  # an answer that nobody fetched
_COLUMNS = NODE_REQUESTS.c


@dataclass(frozen=True, slots=True)
class NodeRequest:
    """A request that a node has taken."""

    number: int
    request: Mapping[str, Any]


def ask(database: Database, node: str, request: Mapping[str, Any]) -> int:
    """Store a request for a node; return its number.

    Raises:
        DatabaseUnusable: The database cannot be used; so do all functions of this module.
    """
    with database.begin() as connection:
        now = now_of(connection)
        connection.execute(delete(NODE_REQUESTS).where(_COLUMNS.at < now - _KEPT))
        row = {"node": node, "at": now, "request": dict(request), "taken": False}
        notify(connection, CHANNEL, node)
        return int(connection.execute(insert_into(NODE_REQUESTS).values(**row).returning(_COLUMNS.id)).scalar_one())


def take(database: Database, node: str) -> list[NodeRequest]:
    """Take the requests for a node, the oldest first."""
    with database.begin() as connection:
        if connection.scalar(select(_COLUMNS.id).where(_COLUMNS.node == node, ~_COLUMNS.taken).limit(1)) is None:
            return []
        here = (_COLUMNS.node == node) & ~_COLUMNS.taken & (_COLUMNS.at > now_of(connection) - TAKEN_WITHIN)
        taken = update(NODE_REQUESTS).where(here).values(taken=True).returning(_COLUMNS.id, _COLUMNS.request)
        return sorted((NodeRequest(row.id, row.request) for row in connection.execute(taken)), key=_number)


def answer(database: Database, number: int, answer: Mapping[str, Any]) -> None:
    """Store the answer to a request."""
    with database.begin() as connection:
        connection.execute(update(NODE_REQUESTS).where(_COLUMNS.id == number).values(answer=dict(answer)))


def answer_of(database: Database, number: int) -> Mapping[str, Any] | None:
    """Return the answer to a request, and forget both; None if there is none yet."""
    with database.begin() as connection:
        found: Mapping[str, Any] | None = connection.scalar(select(_COLUMNS.answer).where(_COLUMNS.id == number))
        if found is not None:
            connection.execute(delete(NODE_REQUESTS).where(_COLUMNS.id == number))
        return found


def withdraw(database: Database, number: int) -> bool:
    """Take a request back; return whether the node had taken it already, and may do it or have done it."""
    with database.begin() as connection:
        gone = delete(NODE_REQUESTS).where(_COLUMNS.id == number).returning(_COLUMNS.taken)
        return bool(connection.execute(gone).scalar())


def _number(request: NodeRequest) -> int:
    return request.number
