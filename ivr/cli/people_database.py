"""Accounts and tokens in the call database of a home, without a running hotline."""

from datetime import datetime
from typing import Any

from ivr.cli.call_database import DatabaseUnusable, call_database
from ivr.people.accounts import AccountRefused
from ivr.people.administration import do_admin_act
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home

__all__ = ["AccountRefused", "DatabaseUnusable", "administered"]


def administered(home: Home, act: str, system_user: str, args: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Do an act of `ivr user` or `ivr token` like the running hotline; arguments as `ivr.people.administration`.

    Raises:
        FileNotFoundError, DatabaseUnusable: as `ivr.cli.call_database.calls`.
        AccountRefused: an argument is not allowed.
    """
    database = call_database(home)
    database.migrate()
    return do_admin_act(database, act, system_user, args, datetime.now(CITY_TIME))
