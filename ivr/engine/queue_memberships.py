"""The queues of the signed-in seats after a reload that renames, moves or removes groups and seats. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.asterisk.ami.listings import QueueMember


@dataclass(frozen=True, slots=True)
class MembershipChanges:
    """The changes to carry out in Asterisk, first all of `joins`."""

    joins: tuple[QueueMember, ...]
    leaves: tuple[QueueMember, ...]


def membership_changes(
    members: Iterable[QueueMember], queues_of_seats: Mapping[str, Iterable[str]]
) -> MembershipChanges:
    """Return the changes of the queues' members.

    Args:
        members: the members of all queues before the reload.
        queues_of_seats: the queues of each seat of the registry; a seat without an entry leaves all queues.

    Returns:
        The changes. Only a seat that is signed in somewhere joins its other queues, paused if it is paused.
    """
    by_seat: dict[str, list[QueueMember]] = {}
    for member in members:
        by_seat.setdefault(member.seat, []).append(member)
    joins, leaves = [], []
    for seat, memberships in by_seat.items():
        queues = tuple(queues_of_seats.get(seat, ()))
        first_membership, present = memberships[0], {member.queue for member in memberships}
        joins += [
            QueueMember(queue, first_membership.interface, seat, first_membership.is_paused, first_membership.reason)
            for queue in queues
            if queue not in present
        ]
        leaves += [member for member in memberships if member.queue not in queues]
    return MembershipChanges(tuple(joins), tuple(leaves))
