"""``ivr orders``: the work orders (派发工单)."""

import json
from typing import Any

import click

from ivr.cli.home import home_option, json_option, unmasked_option
from ivr.cli.records import records_of
from ivr.cli.since import since_option
from ivr.cli.table import moment, show
from ivr.runtime.layout import Home
from ivr.site.json_log import masked
from ivr.texts import _


@click.command(short_help=_("list the work orders"), help=_("Show the work orders, oldest first."))
@click.option("--number", metavar="N", help=_("Only work orders that concern this number."))
@since_option(_("Only work orders since: 2026-11-22, 30m, 2h, 7d."))
@home_option
@unmasked_option
@json_option
def orders(number: str | None, since: str | None, home: Home, unmasked: bool, as_json: bool) -> None:
    """Print the work orders as a table, callers' numbers masked unless asked otherwise, or as JSON for programs."""
    found = records_of(home, "orders", number=number, since=since)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    show(
        (_("made"), _("work order"), _("number"), _("unit"), _("caller"), _("length"), _("message file")),
        [_row(order, order["caller"] if unmasked else masked(order["caller"]), home) for order in found],
    )
    click.echo(_("work orders: {count}").format(count=len(found)))


def _row(order: dict[str, Any], caller: str, home: Home) -> tuple[str, ...]:
    message = order["recording"]
    return (
        moment(order["created_at"]),
        order["work_order"],
        order["number"],
        order["unit"],
        caller or _("withheld"),
        _("{seconds:.0f} s").format(seconds=order["seconds"]) if message else "",
        str(home.messages / message) if message else _("none: an agent made it"),
    )
