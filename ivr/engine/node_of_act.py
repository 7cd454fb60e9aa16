"""The node of a cluster that has to do an act of the desk: the node of the phone's call, or of the seat. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.people.rights import Act
from ivr.runtime.page_phones import page_phone

_OF_THE_SEAT = frozenset(
    {Act.SIGN_OUT, Act.READY, Act.BUSY, Act.MORE_WRAP_UP, Act.DIAL, Act.RING_BACK}
)  # fmt: skip
_OF_ANOTHER_SEAT = frozenset({Act.SET_STATE, Act.SET_GROUPS})


@dataclass(frozen=True, slots=True)
class OtherNodes:
    """The last state of each other live node, by node, as `ivr.engine.cluster_status.of_node` returns it."""

    status: Mapping[str, Mapping[str, Any]]

    def at_work(self, seat: str) -> str:
        """Return the node at which a seat is signed in; "" if it is none of these nodes."""
        return self._first(
            any(seated["seat"] == seat for seated in status.get("seats", ())) for status in self.status.values()
        )

    def in_call(self, seat: str) -> str:
        """Return the node at which a phone of a seat is in a call; "" if it is none of these nodes."""
        phones = {seat, page_phone(seat)}
        return self._first(not phones.isdisjoint(status.get("phones", ())) for status in self.status.values())

    def home(self, groups: Iterable[str]) -> str:
        """Return the node that has the queue of one of these groups; "" if it is none of these nodes."""
        searched = set(groups)
        return self._first(not searched.isdisjoint(status.get("groups", ())) for status in self.status.values())

    def waits(self, call_id: str) -> str:
        """Return the node in whose queue the caller of a call waits; "" if it is none of these nodes."""
        return self._first(
            any(call["call_id"] == call_id and call["stage"] == "waiting" for call in status.get("calls", ()))
            for status in self.status.values()
        )

    def _first(self, matches: Iterable[bool]) -> str:
        return next((node for node, is_there in zip(self.status, matches, strict=True) if is_there), "")


def node_of_act(act: Act, seat: str, args: Mapping[str, Any], groups: Sequence[str], others: OtherNodes) -> str:
    """Return the other node that has to do an act; "" for this node.

    Args:
        act: the act.
        seat: the seat of the person who acts.
        args: the arguments of the act.
        groups: the groups of that seat.
        others: the other nodes.
    """
    other = str(args.get("seat", ""))
    if act is Act.SIGN_IN:
        return others.at_work(seat) or others.home(groups)
    if act in _OF_THE_SEAT:
        return others.at_work(seat)
    if act in _OF_ANOTHER_SEAT:
        return others.at_work(other)
    if act is Act.PULL:
        return others.waits(str(args.get("call_id", "")))
    if act is Act.LISTEN:
        return others.in_call(seat) or others.in_call(other)
    return others.in_call(seat)


def is_at_two_nodes(groups: Iterable[str], homes: Mapping[str, str]) -> bool:
    """Return whether the queues of these groups are at different nodes; a seat can work at only one of them."""
    return len({homes[group] for group in groups if group in homes}) > 1
