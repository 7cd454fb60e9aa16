"""``ivr orders report``: the four rates by unit, class or county, with the work orders behind each figure."""

import json
from datetime import datetime, timedelta
from typing import Any

import click

from ivr.cli.home import home_option, json_option
from ivr.cli.order_query import acting_options, order_query
from ivr.cli.table import show
from ivr.cli.time_options import since_option, until_option
from ivr.orders.order_rates import Grouping, OrderRate
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.texts import _

_DAYS = 30
_ROWS = [grouping.value for grouping in Grouping]


@click.command(
    "report",
    help=_("Show the four rates of the work orders that were first dispatched in a time; 30 days unless given."),
)
@click.option("--by", type=click.Choice(_ROWS), default=Grouping.UNIT.value, show_default=True,
              help=_("One row for each unit, class or county."))  # fmt: skip
@since_option(_("Dispatched since: 2026-11-22, 30m, 2h, 7d."))
@until_option(_("Dispatched until: 2026-11-22, 30m, 2h, 7d."))
@click.option("--missed", is_flag=True, help=_("Name the work orders that missed each rate."))
@acting_options(_("Show work orders as this unit sees them."))
@home_option
@json_option
def order_report(
    by: str,
    since: str | None,
    until: str | None,
    missed: bool,
    as_unit: str | None,
    as_user: str | None,
    home: Home,
    as_json: bool,
) -> None:
    """Print the rates as a table, or as JSON with the numbers of all work orders behind each figure."""
    now = datetime.now(CITY_TIME)
    four_rates = order_query(
        home, "order-report", as_unit, as_user, by=by,
        since=since or (now - timedelta(days=_DAYS)).isoformat(), until=until or now.isoformat(),
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps(four_rates, ensure_ascii=False, indent=2))
        return
    titles = (_("name"), _("dispatched"), _("responded"), _("on time"), _("solved"), _("satisfied %"))
    show(titles, [_row(row) for row in four_rates["rows"]])
    if missed:
        for rate, title in zip(OrderRate, titles[2:], strict=True):
            for number in four_rates["rows"][-1][rate]["missed"]:
                click.echo(_("not {rate}: {order}").format(rate=title, order=number))


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["name"] or _("all"), str(len(row["dispatched"])), *(_figure(row[rate]) for rate in OrderRate))


def _figure(figure: dict[str, Any]) -> str:
    if figure["share"] is None:
        return "—"
    counted = len(figure["met"]) + len(figure["missed"])
    return f"{figure['share'] * 100:.1f}% ({len(figure['met'])}/{counted})"
