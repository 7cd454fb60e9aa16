"""What a home tells of its hotline, whether it runs or not: call database and registry."""

import os

from ivr.engine import applied
from ivr.engine.configure import RECORDINGS
from ivr.records.database import Database
from ivr.registry.model import Registry
from ivr.runtime import facts
from ivr.runtime.layout import Home


def call_database(home: Home) -> Database:
    """Return the call database of the hotline that runs, or ran last, in ``home``.

    Its password, where it has one, is in no file: HOTLINE_DATABASE tells it, as it did to ``ivr up``.

    Raises:
        FileNotFoundError: none ever ran there.
        DatabaseUnusable: what HOTLINE_DATABASE holds is no database's URL.
    """
    return Database(os.environ.get("HOTLINE_DATABASE") or facts.read(home.hotline).database)


def registry_in_force(home: Home) -> Registry:
    """Return the registry of the hotline that runs, or ran last, in ``home``.

    Raises:
        FileNotFoundError: none ever ran there.
        RegistryError: it has problems; this version may be stricter than the one that ran.
    """
    return applied.check(applied.current(home), facts.read(home.hotline).numbers, RECORDINGS)
