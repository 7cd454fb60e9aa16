"""The registry in force, ready for a call script that starts without the engine: reading the YAML takes too long."""

import pickle
from pathlib import Path

from ivr.registry.model import Registry
from ivr.runtime.layout import Home


def keep(home: Home, registry: Registry) -> None:
    """Keep the registry in force beside its text, in a folder that only its owner can write to."""
    fresh = _path(home).with_suffix(".new")
    fresh.write_bytes(pickle.dumps(registry))
    fresh.replace(_path(home))


def load(home: Home) -> Registry:
    """Return the registry in force.

    Raises:
        OSError, pickle.UnpicklingError, TypeError: it is not there, or damaged.
    """
    registry = pickle.loads(_path(home).read_bytes())
    if not isinstance(registry, Registry):
        raise TypeError(f"{_path(home)} holds no registry")
    return registry


def _path(home: Home) -> Path:
    return home.registry / "applied.pickle"
