"""The states of a node, and its last report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

_LIVES = 5.0  # seconds since a node was seen; a node writes twice a second


class WantedState(StrEnum):
    """The state that an admin wants for a node."""

    OPEN = "open"
    DRAINED = "drained"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the state of a text; a node that knows no such state takes no new calls until it is upgraded."""
        return next((state for state in cls if state == text), cls.DRAINED)


class NodeState(StrEnum):
    """The state that a node reports of itself."""

    OPEN = "open"
    DRAINING = "draining"  # takes no new call from the front; its calls go on
    BEHIND = "behind"  # takes no new call, because its registry is not the one in force
    STOPPING = "stopping"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the state of a text; a node of a newer version in an unknown state counts as one without new calls."""
        return next((state for state in cls if state == text), cls.DRAINING)


@dataclass(frozen=True, slots=True)
class NodeNow:
    """The last report of a node."""

    node: str
    wanted: WantedState
    wanted_by: str
    state: NodeState
    calls: int
    program: str
    registry: str
    secrets: str
    why: str
    seen_s: float  # seconds since the report
    status: Mapping[str, Any] = field(default_factory=dict)  # what `ivr status` shows of the node, and "staff"

    @property
    def lives(self) -> bool:
        """Tell whether the node reported within the last five seconds."""
        return self.seen_s < _LIVES

    @property
    def address(self) -> str:
        """HOST:PORT at which other nodes call this node; "" if it runs the previous version."""
        return str(self.status.get("address", ""))

    @property
    def reports(self) -> int:
        """How often the node has said what it does since its engine started; 0 of a node of the version before."""
        found = self.status.get("reports", 0)
        return found if isinstance(found, int) else 0

    @property
    def call_ids(self) -> frozenset[str]:
        """The ids of the calls that the node has, also of those that were handed over to it."""
        return frozenset(str(call.get("call_id", "")) for call in self.status.get("calls", ()))

    @property
    def groups(self) -> list[str]:
        """The groups whose queue the node has."""
        return [str(group) for group in self.status.get("groups", ())]

    def waiting_for(self, group: str) -> frozenset[str]:
        """Return the ids of the calls that wait for a group at the node; none of a node of the version before."""
        calls = self.status.get("calls", ())
        return frozenset(str(call.get("call_id", "")) for call in calls if call.get("queue") == group)

    @property
    def staff(self) -> Mapping[str, str]:
        """The staff of each group with seats at this node, in the form of `ivr.asterisk.staff_elsewhere`."""
        found = self.status.get("staff", {})
        return found if isinstance(found, dict) else {}

    def to_json(self) -> dict[str, Any]:
        """Return the node as JSON values."""
        return {
            "node": self.node,
            "state": self.state.value if self.lives else "away",
            "wanted": self.wanted.value,
            "wanted_by": self.wanted_by,
            "calls": self.calls if self.lives else None,
            "program": self.program,
            "registry": self.registry[:12],
            "why": self.why if self.lives else "",
            "seen_s": round(self.seen_s, 1),
            "groups": self.groups if self.lives else [],
        }
