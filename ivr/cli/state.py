"""What a home tells of its hotline, whether it runs or not: call database and registry."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from ivr.cli.home import fail
from ivr.control import client
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.registry.model import Registry
from ivr.runtime import facts
from ivr.runtime.layout import Home
from ivr.site import registry_history
from ivr.site.asterisk_settings import RECORDINGS

T = TypeVar("T")


def call_database(home: Home) -> Database:
    """Return the call database of the hotline that runs, or ran last, in ``home``.

    Its password, where it has one, is in no file: HOTLINE_DATABASE tells it, as it did to ``ivr up``.

    Raises:
        FileNotFoundError: none ever ran there.
        DatabaseUnusable: what HOTLINE_DATABASE holds is no database's URL.
    """
    return Database(os.environ.get("HOTLINE_DATABASE") or facts.read(home.hotline).database)


def records_of(
    home: Home, action: str, query: Callable[[Database], list[T]], to_json: Callable[[T], dict[str, Any]],
    **conditions: str | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Ask the hotline for the records that meet ``conditions``; if it does not run, ``query`` its database.

    A refusal of the hotline, or the absence of both, ends the command with exit 1.
    """
    try:
        found: list[dict[str, Any]] = client.ask(home, action, **conditions)
    except client.Refused as refusal:
        fail(*refusal.args)
    except client.NotRunning as error:
        try:
            found = [to_json(record) for record in query(call_database(home))]
        except FileNotFoundError:
            fail(str(error))
        except DatabaseUnusable as unusable:
            fail(str(error), str(unusable))
    return found


def registry_in_force(home: Home) -> Registry:
    """Return the registry of the hotline that runs, or ran last, in ``home``.

    Raises:
        FileNotFoundError: none ever ran there.
        RegistryError: it has problems; this version may be stricter than the one that ran.
    """
    return registry_history.check(registry_history.current(home), facts.read(home.hotline).numbers, RECORDINGS)
