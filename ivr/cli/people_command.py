"""Shared part of ``ivr user`` and ``ivr token``: ask the hotline, or its database if the hotline does not run."""

from typing import Any

from ivr.cli.home import fail, user
from ivr.control import control_client
from ivr.lazy import loaded
from ivr.runtime.layout import Home


def administered(home: Home, act: str, **args: object) -> Any:  # noqa: ANN401 - JSON
    """Do an act on people or tokens; a refusal ends the command with exit 1."""
    try:
        return control_client.ask(home, "administer", act=act, by=user(), args=args)
    except control_client.RequestRefused as refusal:
        fail(*refusal.args)
    except control_client.NotRunning as error:
        database = loaded("ivr.cli.people_database")
        try:
            return database.administered(home, act, user(), args)
        except FileNotFoundError:
            fail(str(error))
        except database.DatabaseUnusable as unusable:
            fail(str(error), str(unusable))
        except database.AccountRefused as refused:
            fail(str(refused))
