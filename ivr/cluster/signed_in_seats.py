"""The signed-in seats in the database: each home writes the seats of its queues, and the next home reads them."""

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
    busy_at: str = ""  # the earlier home, if the phone is still in a call there; "" otherwise


def leaving(
    seats: Iterable[SignedInSeat], stored: Iterable[SignedInSeat], node: str, busy: Collection[str]
) -> set[SignedInSeat]:
    """Return the seats that a node hands to the next home, each with the node at which its phone is in a call.

    Args:
        seats: the seats in the node's queues. The node pauses a seat while the phone is in a call at an earlier home.
        stored: the seats in the database. They tell whether such a seat stays paused after that call.
        node: the node.
        busy: the phones in a call at the node.
    """
    waiting = {(row.group, row.seat): row for row in stored if row.busy_at}
    return {
        waiting.get((seat.group, seat.seat)) or dataclasses.replace(seat, busy_at=node if seat.phone in busy else "")
        for seat in seats
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
    """Replace the stored seats of these groups; groups whose home is another node are left as they are."""
    rows = [
        {"group": seat.group, "seat": seat.seat, "phone": seat.phone, "paused": seat.is_paused, "reason": seat.reason,
         "busy_at": seat.busy_at}
        for seat in seats
    ]  # fmt: skip
    homes = CLUSTER_HOMES.c
    with database.begin() as connection:
        leased = (homes.node == node) & (homes.until > now_of(connection))
        wanted = select(homes.group).where(homes.group.in_(groups), leased)
        own = set(connection.scalars(wanted.with_for_update()))
        connection.execute(delete(CLUSTER_MEMBERS).where(_COLUMNS.group.in_(own)))
        insert(connection, CLUSTER_MEMBERS, [row for row in rows if row["group"] in own])


def no_longer_busy(database: Database, node: str, phones: Iterable[str] | None) -> bool:
    """Write that these phones have ended their calls at a node; None for all phones. Return whether that was new.

    A home that has just read its seats may write them back as they were.
    """
    changed = update(CLUSTER_MEMBERS).where(_COLUMNS.busy_at == node).values(busy_at="")
    with database.begin() as connection:
        ended = changed if phones is None else changed.where(_COLUMNS.phone.in_(list(phones)))
        return connection.execute(ended).rowcount > 0
