"""The registry in force for a call script that starts without the engine: reading the YAML would take too long.

The snapshot is a JSON file with a schema version. `load` refuses a snapshot that is damaged or of another version of
the program. The engine replaces it within seconds, because it writes the snapshot at each start.
"""

from dataclasses import dataclass

import msgspec

from ivr.registry.model import Registry
from ivr.runtime.layout import Home

SCHEMA = 3  # to be raised with each change of `ivr.registry.model` that an older snapshot does not fit


class SnapshotUnusable(Exception):
    """The snapshot is missing, damaged, or of another version of the program; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class _Head:
    schema: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    schema: int
    registry: Registry


def keep(home: Home, registry: Registry) -> None:
    """Write the snapshot of the registry in force beside the registry's text."""
    path = home.registry_snapshot
    new_file = path.with_suffix(".new")
    new_file.write_bytes(msgspec.json.encode(_Snapshot(SCHEMA, registry)))
    new_file.replace(path)


def load(home: Home) -> Registry:
    """Return the registry in force.

    Raises:
        SnapshotUnusable: the snapshot cannot be used.
    """
    path = home.registry_snapshot
    try:
        content = path.read_bytes()
        schema = msgspec.json.decode(content, type=_Head).schema
        if schema != SCHEMA:
            raise SnapshotUnusable(f"{path}: has schema {schema}; this version of the program reads {SCHEMA}")
        return msgspec.json.decode(content, type=_Snapshot).registry
    except OSError as error:
        raise SnapshotUnusable(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise SnapshotUnusable(f"{path}: damaged: {error}") from error
