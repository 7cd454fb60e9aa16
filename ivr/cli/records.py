"""Call records and work orders of a hotline, whether it runs or not."""

from typing import Any

from ivr.cli.home import fail
from ivr.control import control_client
from ivr.lazy import loaded
from ivr.runtime.layout import Home

_MODULES = {
    "calls": "ivr.cli.call_database",
    "missed": "ivr.cli.missed_database",
    "refusals": "ivr.cli.refusals_database",
}
"""The module that reads the database in place of the hotline, by the name of the request."""


def records_of(home: Home, action: str, **conditions: str | None) -> list[dict[str, Any]]:
    """Ask the hotline for the records that meet ``conditions``; if it does not run, read its database.

    A refusal of the hotline, or the absence of hotline and database, ends the command with exit 1.

    Args:
        home: the hotline's state folder.
        action: the request to the hotline, which is also the name of the function for the database.
        conditions: the conditions of the records.
    """
    try:
        records: list[dict[str, Any]] = control_client.ask(home, action, **conditions)
    except control_client.RequestRefused as refusal:
        fail(*refusal.args)
    except control_client.NotRunning as error:
        database = loaded(_MODULES[action])
        try:
            records = getattr(database, action)(home, **conditions)
        except FileNotFoundError:
            fail(str(error))
        except database.DatabaseUnusable as unusable:
            fail(str(error), str(unusable))
    return records
