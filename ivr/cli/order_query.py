"""Questions about work orders, to the hotline that runs; if none does, to its database."""

from typing import Any

from ivr.cli.home import fail, user
from ivr.cli.lazy import loaded
from ivr.control import control_client
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.life_cycle import OrderRole
from ivr.registry.problems import RegistryError
from ivr.runtime.layout import Home

_METHODS = {"orders": "listing", "order": "show", "order-act": "act", "order-report": "report"}


def order_query(home: Home, action: str, unit: str | None = None, **asked: object) -> Any:  # noqa: ANN401 - JSON
    """Ask; a refusal, or the absence of hotline and database, ends the command with exit 1.

    Args:
        home: the hotline's state folder.
        action: of the control socket.
        unit: the unit in whose name the command acts; None for the hotline's supervisor.
        asked: as the methods of `OrderRequests` take it.
    """
    role = OrderRole.UNIT if unit else OrderRole.SUPERVISOR
    asked["actor"] = {"name": user(), "role": role.value, "unit": unit or ""}
    try:
        return control_client.ask(home, action, **asked)
    except control_client.RequestRefused as refusal:
        fail(*refusal.args)
    except control_client.NotRunning as error:
        database = loaded("ivr.cli.orders_database")
        try:
            return getattr(database.order_requests(home), _METHODS[action])(**asked)
        except FileNotFoundError:
            fail(str(error))
        except OrderActRefused as refusal:
            fail(str(refusal))
        except database.DatabaseUnusable as unusable:
            fail(str(error), str(unusable))
        except RegistryError as problems:
            fail(*map(str, problems.problems))
