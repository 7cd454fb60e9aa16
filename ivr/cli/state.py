"""The registry of a hotline, whether it runs or not."""

from ivr.registry.model import Registry
from ivr.runtime import facts
from ivr.runtime.layout import Home
from ivr.site import registry_history
from ivr.site.asterisk_settings import RECORDINGS


def registry_in_force(home: Home) -> Registry:
    """Return the registry of the hotline that runs, or ran last, in ``home``.

    Raises:
        FileNotFoundError: none ever ran there.
        RegistryError: it has problems; this version may be stricter than the one that ran.
    """
    return registry_history.check(registry_history.current(home), facts.read(home.hotline).numbers, RECORDINGS)
