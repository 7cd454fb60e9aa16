"""The call database of a home, for commands that need it without a running hotline.

`missed_database`, `orders_database` and `people_database` are modules of their own, because `ivr calls` starts quickly.
"""

import os
from typing import Any

from ivr.records.store import queries
from ivr.records.store.call_filter import call_filter
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home

__all__ = ["DatabaseUnusable", "call_database", "calls"]


def call_database(home: Home) -> Database:
    """Return the call database of the hotline that runs, or ran last, in ``home``.

    A URL with a password is in no file, so HOTLINE_DATABASE has to hold it, as for ``ivr up``.

    Raises:
        FileNotFoundError: no hotline ever ran there.
        DatabaseUnusable: HOTLINE_DATABASE holds no URL of a database.
    """
    return Database(os.environ.get("HOTLINE_DATABASE") or hotline_facts.read(home.hotline).database)


def calls(home: Home, **conditions: str | None) -> list[dict[str, Any]]:
    """Return the call records that meet the conditions of `call_filter`, as the hotline would.

    Raises:
        FileNotFoundError, DatabaseUnusable: from `call_database`, or the database cannot be used.
    """
    filtered = call_filter(**conditions)
    return [queries.to_json(record) for record in queries.calls(call_database(home), filtered)]
