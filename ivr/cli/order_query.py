"""Questions about work orders to the running hotline, or to its database if it does not run."""

from collections.abc import Callable
from typing import Any

import click

from ivr.cli.home import F, fail, user
from ivr.cli.people_command import administered
from ivr.control import control_client
from ivr.lazy import loaded
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.life_cycle import OrderRole
from ivr.registry.problems import RegistryError
from ivr.runtime.layout import Home
from ivr.texts import _

_METHODS = {"orders": "listing", "order": "show", "order-act": "act", "order-report": "report"}


def acting_options(unit_help: str) -> Callable[[F], F]:
    """Return the options that name the unit or person for whom a command asks or acts."""
    as_unit = click.option("--as-unit", metavar="UNIT", help=unit_help)
    as_user = click.option(
        "--as", "as_user", metavar="USER",
        help=_("As this person of the desk, with the person's role and unit; the record names you, too."),
    )  # fmt: skip

    def both(command: F) -> F:
        return as_user(as_unit(command))

    return both


def order_query(home: Home, action: str, unit: str | None, person: str | None, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Ask about work orders; a refusal, or the absence of hotline and database, ends the command with exit 1.

    Args:
        home: the hotline's state folder.
        action: of the control socket.
        unit: the unit for which the command acts; None for the hotline's supervisor.
        person: the desk user for whom the command acts; None for the user who gave the command.
        arguments: the arguments of a method of `OrderRequests`.
    """
    arguments["actor"] = _actor(home, unit, person)
    try:
        return control_client.ask(home, action, **arguments)
    except control_client.RequestRefused as refusal:
        fail(*refusal.args)
    except control_client.NotRunning as error:
        database = loaded("ivr.cli.orders_database")
        try:
            return getattr(database.order_requests(home), _METHODS[action])(**arguments)
        except FileNotFoundError:
            fail(str(error))
        except OrderActRefused as refusal:
            fail(str(refusal))
        except database.DatabaseUnusable as unusable:
            fail(str(error), str(unusable))
        except RegistryError as problems:
            fail(*map(str, problems.problems))


def _actor(home: Home, unit: str | None, person: str | None) -> dict[str, str]:
    if person is None:
        role = OrderRole.UNIT if unit else OrderRole.SUPERVISOR
        return {"name": user(), "role": role.value, "unit": unit or ""}
    account = next((account for account in administered(home, "people") if account["user"] == person), None)
    if account is None or account["disabled"]:
        fail(_("{user} is not a person who may sign in; see 'ivr user list'").format(user=person))
    actor = loaded("ivr.desk.orders.order_actor").person_as_actor(person, account["roles"], account["unit"])
    if unit and unit != actor.unit:
        fail(_("{user} does not act for {unit}").format(user=person, unit=unit))
    return {"name": f"{person} ({user()})", "role": actor.role.value, "unit": actor.unit}
