"""The registry of a hotline, whether it runs or not."""

from ivr.registry.model import Registry
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.site import in_force
from ivr.site.candidate import RegistryCandidate


def registry_in_force(home: Home) -> Registry:
    """Return the registry of the hotline that runs, or ran last, in ``home``.

    Raises:
        FileNotFoundError: no hotline ever ran there.
        RegistryError: the registry has problems; this version may be stricter than the version that ran.
    """
    return in_force.registry(home, hotline_facts.read(home.hotline).numbers)


def version_in_force(home: Home) -> RegistryCandidate:
    """Return the registry in force with the site's own recordings in force.

    Raises:
        FileNotFoundError: no hotline ever ran there.
        RegistryError: the registry has problems; this version may be stricter than the version that ran.
    """
    return in_force.version(home, hotline_facts.read(home.hotline).numbers)
