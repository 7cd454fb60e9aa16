"""The seats that are signed in, in the database: each home writes those of its queues, and the next home reads them."""

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from ivr.cluster.cluster_schema import CLUSTER_HOMES, CLUSTER_MEMBERS
from ivr.cluster.node_store import now_of
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database

_COLUMNS = CLUSTER_MEMBERS.c


@dataclass(frozen=True, slots=True)
class SignedInSeat:
    """A seat in the queue of a group."""

    group: str
    seat: str
    phone: str  # at which it is signed in
    is_paused: bool
    reason: str  # of the pause
    busy_at: str = ""  # the node of the home before, at which its phone is in a call still; "" otherwise


def leaving(
    seats: Iterable[SignedInSeat], stored: Iterable[SignedInSeat], node: str, busy: Collection[str]
) -> set[SignedInSeat]:
    """Return the seats that leave a node as the next home has to know them: with the node where they are in a call.

    Args:
        seats: as they are at the node. A seat is paused there while its call at a home before goes on.
        stored: as the database has them, which knows whether such a seat is to be paused after that call.
        node: the node.
        busy: the phones in a call at the node.
    """
    waiting = {(row.group, row.seat): row for row in stored if row.busy_at}
    return {
        waiting.get((one.group, one.seat)) or dataclasses.replace(one, busy_at=node if one.phone in busy else "")
        for one in seats
    }


def signed_in_seats(database: Database, groups: Collection[str]) -> set[SignedInSeat]:
    """Return the seats that are signed in to these groups.

    Raises:
        DatabaseUnusable: The database cannot be used; so do all functions of this module.
    """
    with database.begin() as connection:
        rows = connection.execute(select(CLUSTER_MEMBERS).where(_COLUMNS.group.in_(groups)))
        return {SignedInSeat(row.group, row.seat, row.phone, row.paused, row.reason, row.busy_at) for row in rows}


def replace(database: Database, node: str, groups: Collection[str], seats: Iterable[SignedInSeat]) -> None:
    """Store the seats that are signed in to these groups, in place of all that were; only for groups of this home."""
    rows = [
        {"group": one.group, "seat": one.seat, "phone": one.phone, "paused": one.is_paused, "reason": one.reason,
         "busy_at": one.busy_at}
        for one in seats
    ]  # fmt: skip
    homes = CLUSTER_HOMES.c
    with database.begin() as connection:
        leased = (homes.node == node) & (homes.until > now_of(connection))
        wanted = select(homes.group).where(homes.group.in_(groups), leased)
        own = set(connection.scalars(wanted.with_for_update()))
        connection.execute(delete(CLUSTER_MEMBERS).where(_COLUMNS.group.in_(own)))
        insert(connection, CLUSTER_MEMBERS, [row for row in rows if row["group"] in own])


def no_longer_busy(database: Database, node: str, phones: Iterable[str] | None) -> None:
    """Say that these phones are in no call at a node any more; None for all phones."""
    changed = update(CLUSTER_MEMBERS).where(_COLUMNS.busy_at == node).values(busy_at="")
    with database.begin() as connection:
        connection.execute(changed if phones is None else changed.where(_COLUMNS.phone.in_(list(phones))))
