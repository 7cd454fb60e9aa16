"""The home of a group: the node that has its queue. Pure.

Groups that share a seat have one home, because one Asterisk then knows whether the seat is free. The home is chosen by
rendezvous hashing (Thaler and Ravishankar 1998): if a node fails, only the groups whose home it was get another one.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.cluster.node_model import NodeNow


@dataclass(frozen=True, slots=True)
class GroupHome:
    """The home of a group as the database has it."""

    group: str
    node: str
    generation: int  # counts the homes that the group has had
    is_leased: bool  # False if the lease has ended, and no other node has taken it yet


def sharing_groups(groups: Iterable[str], groups_of_seats: Iterable[Iterable[str]]) -> dict[str, str]:
    """Return for each group the first name of all groups that share seats with it, directly or by way of other groups.

    Args:
        groups: all groups.
        groups_of_seats: the groups of each seat.
    """
    parents = {group: group for group in groups}

    def root(group: str) -> str:
        while parents[group] != group:
            group = parents[group]
        return group

    for seat_groups in groups_of_seats:
        roots = sorted({root(group) for group in seat_groups})
        for other in roots[1:]:
            parents[other] = roots[0]
    return {group: root(group) for group in parents}


def wanted_homes(sharing: Mapping[str, str], nodes: Iterable[str]) -> dict[str, str]:
    """Return the home of each group; an empty mapping if there is no node.

    Args:
        sharing: as `sharing_groups` returns it.
        nodes: the living nodes that take calls, in any order.
    """
    candidates = sorted(set(nodes))
    chosen = {name: _highest(name, candidates) for name in set(sharing.values())} if candidates else {}
    return {group: chosen[name] for group, name in sharing.items()} if candidates else {}


def _highest(name: str, nodes: list[str]) -> str:
    return max(nodes, key=lambda node: (hashlib.sha256(f"{node}\0{name}".encode()).digest(), node))


def homes_at(homes: Iterable[GroupHome], groups: Iterable[str]) -> dict[str, str]:
    """Return the node of each group that has a home now; "" for the others."""
    leased = {home.group: home.node for home in homes if home.is_leased}
    return {group: leased.get(group, "") for group in groups}


def staff_of_groups(
    homes: Mapping[str, str], nodes: Mapping[str, NodeNow], before: Mapping[str, str]
) -> dict[str, str]:
    """Return the staff of groups whose queue lives at another node, in the form of `ivr.asterisk.staff_elsewhere`.

    While a queue moves, and until its next home has reported it, its staff is what was known before: a caller would
    otherwise be told that nobody is signed in.

    Args:
        homes: the node of each of these groups; "" for a group that has no home now.
        nodes: all nodes, as they were seen last, by name.
        before: the return value for the last look.
    """
    staff = {}
    for group, name in homes.items():
        if (node := nodes.get(name)) is not None and group in node.groups:
            staff[group] = node.staff.get(group, "000")
        elif group in before:
            staff[group] = before[group]
    return staff
