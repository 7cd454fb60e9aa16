"""The call database of a home, for commands that need it without a running hotline."""

import os
from datetime import datetime
from typing import Any

from ivr.cli.state import registry_in_force
from ivr.engine.missed_utterances import missed as missed_texts
from ivr.orders.order_requests import OrderRequests
from ivr.people.accounts import AccountRefused
from ivr.people.administration import administer
from ivr.records.store import queries
from ivr.records.store.call_filter import call_filter
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.reports.missed import to_json as missed_to_json
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import facts
from ivr.runtime.layout import Home
from ivr.site.orders_in_force import directory_in_force

__all__ = [
    "AccountRefused", "DatabaseUnusable", "administered", "call_database", "calls", "missed", "order_requests",
]  # fmt: skip


def call_database(home: Home) -> Database:
    """Return the call database of the hotline that runs, or ran last, in ``home``.

    A URL with a password is in no file: HOTLINE_DATABASE holds it, as for ``ivr up``.

    Raises:
        FileNotFoundError: no hotline ever ran there.
        DatabaseUnusable: HOTLINE_DATABASE holds no URL of a database.
    """
    return Database(os.environ.get("HOTLINE_DATABASE") or facts.read(home.hotline).database)


def calls(home: Home, **conditions: str | None) -> list[dict[str, Any]]:
    """Return the call records that meet the conditions of `call_filter`, as the hotline would.

    Raises:
        FileNotFoundError, DatabaseUnusable: from `call_database`, or the database cannot be used.
    """
    wanted = call_filter(**conditions)
    return [queries.to_json(record) for record in queries.calls(call_database(home), wanted)]


def order_requests(home: Home) -> OrderRequests:
    """Return what answers questions about work orders without a running hotline, with the orders.yaml in force.

    Raises:
        FileNotFoundError, DatabaseUnusable: as `calls`.
        RegistryError: what is in force has problems; this version of the program asks more of it.
    """
    directory = directory_in_force(home, registry_in_force(home))
    return OrderRequests(call_database(home), lambda: directory, lambda: datetime.now(CITY_TIME))


def administered(home: Home, what: str, by: str, args: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Do what `ivr user` or `ivr token` asks, as the hotline would; arguments as `ivr.people.administration`.

    Raises:
        FileNotFoundError, DatabaseUnusable: as `calls`.
        AccountRefused: a part is wrong.
    """
    database = call_database(home)
    database.migrate()
    return administer(database, what, by, args, datetime.now(CITY_TIME))


def missed(home: Home, **conditions: str | None) -> list[dict[str, Any]]:
    """Return the utterances that were not understood; arguments as `ivr.engine.missed_utterances.missed`.

    Raises:
        FileNotFoundError, DatabaseUnusable: as `calls`.
    """
    return [missed_to_json(text) for text in missed_texts(call_database(home), **conditions)]
