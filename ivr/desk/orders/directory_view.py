"""orders.yaml in force, as the desk reads it: read again when the registry in force changed."""

from ivr.desk.registry_view import RegistryView
from ivr.orders.directory_model import OrderDirectory
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.runtime.layout import Home
from ivr.site.orders_in_force import directory_in_force, shipped


class DirectoryView:
    """The dispatch directory in force now."""

    def __init__(self, home: Home, registry: RegistryView) -> None:
        """``registry`` shows when a new registry is in force; orders.yaml comes into force together with it."""
        self._home, self._registry = home, registry
        self._read_for: Registry | None = None
        self._directory: OrderDirectory | None = None

    @property
    def current(self) -> OrderDirectory:
        """The directory; the shipped one before a hotline ever ran in this home."""
        registry = self._registry.current
        if self._directory is None or registry is not self._read_for:
            try:
                self._directory = directory_in_force(self._home, registry)
            except FileNotFoundError:
                self._directory = shipped().directory(registry)
            except RegistryError:
                if self._directory is None:
                    raise
            self._read_for = registry
        return self._directory
