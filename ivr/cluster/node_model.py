"""A node of a cluster as it was seen last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_LIVES = 5.0  # seconds since a node was seen; a node writes twice a second


class WantedState(StrEnum):
    """The state that an admin wants for a node."""

    OPEN = "open"
    DRAINED = "drained"


class NodeState(StrEnum):
    """The state that a node reports of itself."""

    OPEN = "open"
    DRAINING = "draining"  # takes no new call from the front; its calls go on
    BEHIND = "behind"  # takes no new call, because its registry is not the one in force
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class NodeNow:
    """A node as it was seen last."""

    node: str
    wanted: WantedState
    wanted_by: str
    state: NodeState
    calls: int
    program: str
    registry: str
    secrets: str
    why: str
    seen_s: float  # seconds since
    status: Mapping[str, Any] = field(default_factory=dict)  # what `ivr status` shows of it, and "staff"

    @property
    def lives(self) -> bool:
        """Tell whether the node was seen just now."""
        return self.seen_s < _LIVES

    @property
    def address(self) -> str:
        """HOST:PORT at which the other nodes call it; "" of a node of the version before."""
        return str(self.status.get("address", ""))

    @property
    def staff(self) -> Mapping[str, str]:
        """The staff of each group that has seats there, as `ivr.asterisk.staff_elsewhere` has it."""
        found = self.status.get("staff", {})
        return found if isinstance(found, dict) else {}

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
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
            "groups": self.status.get("groups", []) if self.lives else [],
        }
