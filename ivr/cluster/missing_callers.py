"""Decides until when the seats of a queue that has moved wait for its callers. Pure.

The callers of a queue that moves come to the new home one after the other. The first to come is not always the caller
who has waited longest, so no seat is offered a caller before all have come.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ivr.cluster.node_model import NodeNow

_LOOKS = 6  # in a row without a caller who came, half a second apart or more on a slow machine; then seats wait no more


@dataclass(frozen=True, slots=True)
class MissingCallers:
    """The callers of a group who have not come to the group's new home yet."""

    calls: frozenset[str]  # ids of their calls
    looks: int = 0  # since one of them came

    @property
    def is_over(self) -> bool:
        """Whether seats are to be offered callers now."""
        return not self.calls or self.looks >= _LOOKS


def waiting_callers(nodes: Collection[NodeNow], before: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the ids of the calls that waited for each group when a home of the group reported last.

    Args:
        nodes: all nodes, as they were seen last. The report of a node that died is its last one.
        before: the return value for an earlier look: a home that has let go of a group reports its callers no more.
    """
    found = dict(before)
    for node in sorted(nodes, key=_age, reverse=True):
        found |= {group: node.waiting_for(group) for group in node.groups}
    return found


def missing_calls(waited: frozenset[str], group: str, home: str, nodes: Collection[NodeNow]) -> frozenset[str]:
    """Return the calls, of those that waited for a group, that live and do not wait at the group's new home yet."""
    living = [node for node in nodes if node.lives]
    waiting = {call for node in living if node.node == home for call in node.waiting_for(group)}
    return frozenset(call for call in waited - waiting if any(call in node.call_ids for node in living))


def still_missing(before: MissingCallers, group: str, home: str, nodes: Collection[NodeNow]) -> MissingCallers:
    """Return what is known of a group's callers after one more look at the nodes."""
    left = missing_calls(before.calls, group, home, nodes)
    return MissingCallers(left, before.looks + 1 if left == before.calls else 0)


def _age(node: NodeNow) -> float:
    return node.seen_s
