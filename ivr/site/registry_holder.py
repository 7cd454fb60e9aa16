"""The registry and the orders.yaml in force, for parts of the engine that need them at each call."""

from collections.abc import Callable

from ivr.orders.directory_model import OrderDirectory
from ivr.registry.model import Registry


class RegistryHolder:
    """Holds one registry with its orders.yaml; a reload replaces both together."""

    def __init__(self, registry: Registry, directory: OrderDirectory) -> None:
        """Put both in force."""
        self._registry, self._directory = registry, directory
        self._on_replaced: list[Callable[[], None]] = []

    @property
    def current(self) -> Registry:
        """The registry in force. A call keeps the registry of its begin."""
        return self._registry

    @property
    def directory(self) -> OrderDirectory:
        """The content of the orders.yaml in force."""
        return self._directory

    def replace(self, registry: Registry, directory: OrderDirectory) -> None:
        """Put another registry in force, for new calls, with its orders.yaml."""
        self._registry, self._directory = registry, directory
        for call in self._on_replaced:
            call()

    def on_replaced(self, call: Callable[[], None]) -> None:
        """Call ``call`` each time another registry was put in force."""
        self._on_replaced.append(call)
