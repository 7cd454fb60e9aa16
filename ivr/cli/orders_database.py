"""Work orders from the call database of a home, without a running hotline."""

from datetime import datetime

from ivr.cli.call_database import DatabaseUnusable, call_database
from ivr.cli.state import registry_in_force
from ivr.orders.order_requests import OrderRequests
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site.orders_in_force import directory_in_force

__all__ = ["DatabaseUnusable", "order_requests"]


def order_requests(home: Home) -> OrderRequests:
    """Return the object that answers requests about work orders without a hotline, with the orders.yaml in force.

    Raises:
        FileNotFoundError, DatabaseUnusable: as `ivr.cli.call_database.calls`.
        RegistryError: the registry in force has problems, because this version of the program checks more.
    """
    directory = directory_in_force(home, registry_in_force(home))
    return OrderRequests(call_database(home), lambda: directory, lambda: datetime.now(CITY_TIME))
