"""The difference of a checked registry to the registry in force, and its effects on calls."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ivr.registry.changes import Change, changes
from ivr.registry.model import Registry
from ivr.routing.effects import rerouted
from ivr.runtime.layout import Home
from ivr.site import orders_in_force, prompts_in_force, registry_history
from ivr.site.candidate import RegistryCandidate


@dataclass(frozen=True, slots=True)
class RegistryDifference:
    """The changes, and their effects at one moment."""

    changes: tuple[Change, ...]
    rerouted: tuple[str, ...]  # numbers whose calls would be routed differently
    recordings: tuple[str, ...]  # prompts of which callers would hear another recording
    orders: bool  # orders.yaml differs

    @property
    def any(self) -> bool:
        """Whether the registry, the recordings or orders.yaml would change."""
        return bool(self.changes or self.recordings or self.orders)

    def to_json(self) -> Mapping[str, Any]:
        """Return the output of ``ivr diff --json``."""
        return {
            "changes": [asdict(change) for change in self.changes],
            "rerouted": self.rerouted,
            "recordings": self.recordings,
            "orders": self.orders,
        }


def registry_difference(
    home: Home, in_force: Registry, checked: RegistryCandidate, at: datetime
) -> RegistryDifference:  # fmt: skip
    """Compare registry, recordings and orders.yaml with the files in force in a home; ``at`` is aware."""
    return RegistryDifference(
        changes(in_force, checked.registry),
        rerouted(in_force, checked.registry, at),
        prompts_in_force.differing(home, checked.catalogue),
        checked.orders.text != orders_in_force.orders_of(registry_history.in_force(home).orders).text,
    )
