"""The registry in force for the desk: the engine's snapshot, read again after each change."""

from collections.abc import Mapping

from ivr.call_events.values import SeatKind
from ivr.registry.model import Registry
from ivr.runtime.layout import Home
from ivr.site import registry_history, registry_snapshot


class RegistryView:
    """The registry in force now."""

    def __init__(self, home: Home) -> None:
        """Read the snapshot.

        Raises:
            SnapshotUnusable: there is none yet.
        """
        self._home = home
        self._read_at = 0
        self._registry = registry_snapshot.load(home)
        self._kinds = registry_history.seat_kinds(self._registry)

    @property
    def current(self) -> Registry:
        """The registry, read again if the file was replaced."""
        try:
            changed_at = self._home.registry_snapshot.stat().st_mtime_ns
        except OSError:
            return self._registry
        if changed_at != self._read_at:
            try:
                self._registry = registry_snapshot.load(self._home)
            except registry_snapshot.SnapshotUnusable:
                return self._registry  # the engine writes a new snapshot when it starts
            self._read_at = changed_at
            self._kinds = registry_history.seat_kinds(self._registry)
        return self._registry

    @property
    def seat_kinds(self) -> Mapping[str, SeatKind]:
        """Return the kind of each seat."""
        return self._kinds

    def line_name(self, number: str) -> str:
        """Return the name of a line; "" if it is not registered."""
        return next((line.name for line in self.current.lines if line.number == number), "")
