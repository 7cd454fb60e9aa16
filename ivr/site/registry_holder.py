"""The registry in force, for everything that asks for it anew with each call."""

from ivr.registry.model import Registry


class RegistryHolder:
    """Holds one registry; a reload replaces it whole."""

    def __init__(self, registry: Registry) -> None:
        """Put ``registry`` in force."""
        self._registry = registry

    @property
    def current(self) -> Registry:
        """The registry in force. A call keeps the one that it began with."""
        return self._registry

    def replace(self, registry: Registry) -> None:
        """Put another registry in force, for new calls."""
        self._registry = registry
