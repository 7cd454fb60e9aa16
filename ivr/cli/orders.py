"""``ivr orders``: the work orders (工单), and the acts on them."""

import json
from typing import Any

import click

from ivr.cli.home import home_option, json_option, unmasked_option
from ivr.cli.order_acts import act_commands
from ivr.cli.order_query import acting_options, order_query
from ivr.cli.order_report import order_report
from ivr.cli.table import moment, show
from ivr.cli.time_options import since_option, until_option
from ivr.orders.act_fields import Ground, ground_title
from ivr.orders.life_cycle import OrderAct, OrderState, act_title, state_title
from ivr.orders.order_clock import stage_title
from ivr.runtime.layout import Home
from ivr.site.json_log import masked
from ivr.texts import _


class _Orders(click.Group):
    """A group whose default command is ``list``, because ``ivr orders --number N`` has always listed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command ``list`` before options."""
        if not args or (args[0].startswith("-") and args[0] != "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Orders)
def orders() -> None:
    """List work orders, show a work order, and do the acts that its state allows; without a command, list."""


@orders.command("list", help=_("List the newest work orders, the oldest of them first."))
@click.option("--state", metavar="STATE", type=click.Choice(["open", *(state.value for state in OrderState)]),
              help=_("Only work orders of this state; open: all work orders that are not over."))  # fmt: skip
@click.option("--unit", metavar="UNIT", help=_("Only work orders that this unit has."))
@click.option("--number", metavar="N", help=_("Only work orders that concern this number."))
@click.option("--kind", metavar="KIND", help=_("Only work orders of this kind."))
@click.option("--class", "class", metavar="CLASS", help=_("Only work orders of this class."))
@click.option("--county", metavar="COUNTY", help=_("Only work orders of this county."))
@click.option("--caller", metavar="N", help=_("Only work orders of this caller."))
@click.option("--words", metavar="TEXT", help=_("Only work orders with these words."))
@click.option("--supervised", is_flag=True, help=_("Only work orders under supervision."))
@click.option("--ledger", type=click.Choice(["on", "off", "all"]),
              help=_("Only work orders in the ledger of enterprises: still on it, struck off, or all."))  # fmt: skip
@click.option("--due-by", metavar="DAY", help=_("Only open work orders that are due on this day or earlier."))
@since_option(_("Only work orders since: 2026-11-22, 30m, 2h, 7d."))
@until_option(_("Only work orders until: 2026-11-22, 30m, 2h, 7d."))
@click.option("--limit", metavar="COUNT", type=click.IntRange(1, 10_000), default=200, show_default=True,
              help=_("At most this many work orders, the newest."))  # fmt: skip
@acting_options(_("Show work orders as this unit sees them."))
@unmasked_option
@home_option
@json_option
def list_orders(
    home: Home, limit: int, as_unit: str | None, as_user: str | None, unmasked: bool, as_json: bool,
    **conditions: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Print work orders as a table, with callers' numbers masked unless ``--unmasked``, or as JSON for programs."""
    listed_orders = order_query(
        home,
        "orders",
        as_unit,
        as_user,
        wanted={name: value for name, value in conditions.items() if value},
        limit=limit,
    )
    if as_json:
        click.echo(json.dumps(listed_orders, ensure_ascii=False, indent=2))
        return
    titles = (_("made"), _("work order"), _("state"), _("number"), _("unit"), _("due"), _("caller"), _("matter"))
    show((*titles, _("message file")), [_row(order, unmasked, home) for order in listed_orders])
    click.echo(_("work orders: {count}").format(count=len(listed_orders)))


def _row(order: dict[str, Any], unmasked: bool, home: Home) -> tuple[str, ...]:
    due = order["due_on"] or ""
    return (
        moment(order["opened_at"]),
        order["order"],
        _state(order),
        order["number"],
        order["unit"],
        _("{day}, overdue").format(day=due) if order["overdue"] else due,
        _caller(order, unmasked),
        order["title"],
        str(home.messages / order["recording"]) if order["recording"] else "",
    )


@orders.command("show", help=_("Show one work order: its content, its acts, and the suggestions of the directory."))
@click.argument("order", metavar="ORDER")
@acting_options(_("Show work orders as this unit sees them."))
@unmasked_option
@home_option
@json_option
def show_order(order: str, as_unit: str | None, as_user: str | None, unmasked: bool, home: Home, as_json: bool) -> None:
    """Print a work order, with the caller's number masked unless ``--unmasked``, or as JSON for programs."""
    response = order_query(home, "order", as_unit, as_user, order=order)
    if as_json:
        click.echo(json.dumps(response, ensure_ascii=False, indent=2))
        return
    order_json, suggestion = response["order"], response["suggestion"]
    lines = [
        (_("work order"), order_json["order"]),
        (_("state"), _state(order_json)),
        (_("matter"), order_json["title"]),
        (_("content"), order_json["content"]),
        (_("said"), order_json["said"]),
        (_("message file"), str(home.messages / order_json["recording"]) if order_json["recording"] else ""),
        (_("caller"), " ".join(filter(None, (_caller(order_json, unmasked), order_json["contact"])))),
        (_("number"), order_json["number"]),
        (_("county"), " ".join(filter(None, (order_json["county"], order_json["place"])))),
        (_("kind"), " / ".join(filter(None, (order_json["kind"], order_json["class"])))),
        (_("unit"), "、".join(filter(None, (order_json["unit"], *order_json["helpers"])))),
        (_("enterprise"), order_json["company"] or (_("yes") if order_json["enterprise"] else "")),
        (_("policy officer"), order_json["officer"]),
        (_("struck off"), moment(order_json["struck_off_at"]) if order_json["struck_off_at"] else ""),
        (_("due"), order_json["due_on"] or ""),
        (_("answer"), order_json["answer"]),
        (_("reason"), ground_title(Ground(order_json["ground"])) if order_json["ground"] else order_json["reason"]),
        (_("other channel"), order_json["turn_to"]),
        (_("merged into"), order_json["into"]),
        (_("opinion"), order_json["opinion"]),
    ]
    for name, value in lines:
        if value:
            click.echo(f"{name}: {value}")
    if order_json["state"] in (OrderState.RECORDED, OrderState.RECEIVED):
        click.echo(_("suggested: {kind}, {klass}, {unit}").format(
            kind=suggestion["kind"], klass=suggestion["class"] or "-", unit=suggestion["unit"]))  # fmt: skip
    for similar in response["similar"]:
        click.echo(_("similar: {order} {title}").format(order=similar["order"], title=similar["title"]))
    show((_("at"), _("act"), _("by"), ""), [_event(event) for event in response["events"]])


def _event(event: dict[str, Any]) -> tuple[str, ...]:
    fields = {name: value for name, value in event["fields"].items() if name not in ("caller", "stage")}
    details = [f"{name}={value}" for name, value in fields.items()] if event["act"] != OrderAct.OPEN else []
    if "stage" in event["fields"]:
        details.append(stage_title(event["fields"]["stage"]))
    actor = " ".join(filter(None, (event["by"], event["unit"])))
    return moment(event["at"]), act_title(OrderAct(event["act"])), actor, " ".join(" ".join(details).split())


def _state(order: dict[str, Any]) -> str:
    title = state_title(OrderState(order["state"]))
    return _("{state}, supervised").format(state=title) if order["supervised"] else title


def _caller(order: dict[str, Any], unmasked: bool) -> str:
    return (order["caller"] if unmasked else masked(order["caller"])) or _("withheld")


orders.add_command(order_report)
for command in act_commands():
    orders.add_command(command)
