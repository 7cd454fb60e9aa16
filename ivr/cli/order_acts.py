"""``ivr orders new``, ``dispatch``, ``accept`` …: a command for each act of the life cycle, made from its rule."""

import json
from collections.abc import Callable
from typing import Any

import click

from ivr.cli.home import home_option, json_option
from ivr.cli.order_query import acting_options, order_query
from ivr.orders.act_fields import OrderChannel
from ivr.orders.life_cycle import RULES, OrderAct, OrderRole, OrderState, act_title, role_title, state_title
from ivr.runtime.layout import Home
from ivr.texts import _

NEW = "new"  # the command that opens a work order
_NOT_BY_HAND = ("source", "channel", "call_id", "recording", "seconds", "said", "stage")  # the hotline's own
_SEVERAL = ("helpers",)


def act_commands() -> list[click.Command]:
    """Return the commands, in the order of the life cycle.

    There is no command for a file, which comes by the desk or the citizens' page, or for an act of the hotline itself.
    """
    its_own = (OrderRole.HOTLINE,)
    return [_command(act) for act in OrderAct if act is not OrderAct.ATTACH and RULES[act].roles != its_own]


def option_of(field: str) -> str:
    """Return the option of a field, as in ``--suggested-unit``; an option that may be repeated is singular."""
    return "--" + ("helper" if field == "helpers" else field.replace("_", "-"))


def _command(act: OrderAct) -> click.Command:
    rule = RULES[act]

    def run(
        home: Home, as_json: bool, as_unit: str | None, as_user: str | None, order: str = "",
        **fields: Any,  # noqa: ANN401
    ) -> None:  # fmt: skip
        given_fields = {name: value for name, value in fields.items() if value not in (None, ())}
        if act is OrderAct.OPEN:
            given_fields["channel"] = OrderChannel.DESK.value
        changed_order = order_query(
            home, "order-act", as_unit, as_user, order=order, act=act.value, fields=given_fields
        )
        if as_json:
            click.echo(json.dumps(changed_order, ensure_ascii=False, indent=2))
            return
        click.echo(
            _("work order {order}: {state}").format(
                order=changed_order["order"], state=state_title(OrderState(changed_order["state"]))
            )
        )

    parameters: Callable[..., None] = home_option(json_option(run))
    parameters = acting_options(_("Act for this unit; without it, as a supervisor of the hotline."))(parameters)
    for field in reversed([name for name in (*rule.needs, *rule.may) if name not in _NOT_BY_HAND]):
        parameters = click.option(
            option_of(field), field, metavar=_METAVARS.get(field, "TEXT"), required=field in rule.needs,
            multiple=field in _SEVERAL,
        )(parameters)  # fmt: skip
    if act is not OrderAct.OPEN:
        parameters = click.argument("order", metavar="ORDER")(parameters)
    command = click.command(
        NEW if act is OrderAct.OPEN else act.value,
        help=_("Do this act to a work order; the last lines say who may do it, and when."),
        short_help=act_title(act),
    )(parameters)
    roles = ", ".join(role_title(role) for role in rule.roles if role is not OrderRole.HOTLINE)
    states = ", ".join(map(state_title, rule.begin)) or _("new")
    command.epilog = _("{act}: by {roles}; of a work order that is {states}.").format(
        act=act_title(act), roles=roles, states=states
    )
    return command


_METAVARS = {
    "kind": "KIND",
    "class": "CLASS",
    "unit": "UNIT",
    "suggested_unit": "UNIT",
    "helpers": "UNIT",
    "county": "COUNTY",
    "number": "N",
    "caller": "N",
    "days": "DAYS",
    "into": "ORDER",
    "earlier": "ORDER",
    "confidential": "yes|no",
    "enterprise": "yes|no",
    "officer": "OFFICER",
    "solved": "yes|no",
    "satisfaction": "1-5",
    "ground": "GROUND",
}
