"""Finds the calls between two nodes of which one node has lost its half. Pure.

A node that was off the network gets no BYE for a call that the other node has ended meanwhile: the front gives up after
2 s. The half of that node stays up, and the caller hears nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ivr.cluster.node_model import NodeNow

_REPORTS = 3  # of the other node since a leg was seen first; the last of them was begun after that


@dataclass(frozen=True, slots=True)
class NodeLeg:
    """This node's half of a call with another node, by which a caller was handed over."""

    channel: str
    node: str  # the other node
    call: str  # id of the caller's call
    began: tuple[int, int]  # grows from leg to leg
    came_in: bool  # the other node has handed over the caller


class MissingLegs:
    """Remembers in how many reports of the other node the call of each leg was missing."""

    def __init__(self) -> None:
        """Start with no leg."""
        self._missing: dict[str, tuple[int, int]] = {}  # by channel: number of the last report, reports

    def lost(self, legs: Collection[NodeLeg], nodes: Iterable[NodeNow]) -> list[str]:
        """Return the channels of the legs that have no other half.

        Args:
            legs: all legs of this node, as they are now.
            nodes: all nodes, as they were seen before the legs were. A node that is away may have its half.
        """
        living = {node.node: node for node in nodes if node.lives}
        missing: dict[str, tuple[int, int]] = {}
        for leg in legs:
            other = living.get(leg.node)
            if other is None or not other.reports or leg.call in other.call_ids:
                continue
            last, count = self._missing.get(leg.channel, (other.reports, 0))
            missing[leg.channel] = (other.reports, count + int(other.reports != last))
        self._missing = missing
        gone = [channel for channel, (_last, count) in missing.items() if count >= _REPORTS]
        return [*gone, *_replaced(legs)]


def _replaced(legs: Iterable[NodeLeg]) -> list[str]:
    """Return the legs of callers whom the same node has handed over once more since."""
    of_call: Mapping[tuple[str, str], list[NodeLeg]] = defaultdict(list)
    for leg in legs:
        if leg.came_in:
            of_call[leg.node, leg.call].append(leg)
    return [leg.channel for its in of_call.values() for leg in sorted(its, key=_began)[:-1]]


def _began(leg: NodeLeg) -> tuple[int, int]:
    return leg.began
