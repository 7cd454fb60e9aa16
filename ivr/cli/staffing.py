"""``ivr staffing``: the seats that each half hour of next week needs."""

import json
from datetime import datetime

import click

from ivr.cli.call_database import call_database
from ivr.cli.home import fail, home_option, json_option
from ivr.cli.state import registry_in_force
from ivr.cli.table import show
from ivr.records.store.database import DatabaseUnusable
from ivr.registry.problems import RegistryError
from ivr.routing.calendar import CITY_TIME
from ivr.routing.service import general_group
from ivr.runtime.layout import Home
from ivr.staffing.seat_demand import DemandPiece, missing_seats
from ivr.staffing.staffing_reading import StaffingPlan, staffing_json, staffing_plan
from ivr.texts import _


@click.command(
    help=_(
        "Compute, for each half hour of next week, the seats that answer 95 of 100 calls of a group within 15 s, by "
        "Erlang C and Erlang A from the last eight weeks, beside the seats that are usually signed in."
    ),
)
@click.option("--group", metavar="NAME", help=_("The group; the general one if not given."))
@click.option("--all", "quiet_too", is_flag=True, help=_("Also half hours without calls."))
@home_option
@json_option
def staffing(group: str | None, quiet_too: bool, home: Home, as_json: bool) -> None:
    """Print a row for each half hour, or JSON."""
    try:
        registry = registry_in_force(home)
        name = group or general_group(registry)
        if name not in registry.groups:
            fail(_("there is no group {name}; there are: {groups}").format(
                name=ascii(name), groups=", ".join(registry.groups)), code=2)  # fmt: skip
        plan = staffing_plan(call_database(home), registry, name, datetime.now(CITY_TIME))
    except FileNotFoundError:
        fail(_("no hotline has run in {home}").format(home=home.root))
    except RegistryError as error:
        fail(*map(str, error.problems))
    except DatabaseUnusable as unusable:
        fail(str(unusable), _("If its URL holds a password, set HOTLINE_DATABASE to it, as for 'ivr up'."))
    if as_json:
        click.echo(json.dumps(staffing_json(plan), ensure_ascii=False, indent=2))
        return
    _show(plan, registry.groups[name].title, quiet_too=quiet_too)


def _show(plan: StaffingPlan, title: str, *, quiet_too: bool) -> None:
    habits = plan.past_habits
    text = _("{group}: week from {week}; records: {days} days; handle time {handle} s; patience {patience} s")
    handle, patience = _number(habits.handle_s), _number(habits.patience_s)
    click.echo(text.format(group=title, week=plan.week, days=habits.days, handle=handle, patience=patience))
    rows = [_row(half_hour) for half_hour in plan.pieces if quiet_too or half_hour.calls or half_hour.usual]
    if rows:
        titles = (_("half hour from"), _("calls"), "Erlang C", "Erlang A", _("usual"), _("missing"))
        show(titles, rows)


def _row(half_hour: DemandPiece) -> tuple[str, ...]:
    return (
        f"{half_hour.at:%m-%d %H:%M}", f"{half_hour.calls:.1f}", _seats(half_hour.erlang_c), _seats(half_hour.erlang_a),
        _number(half_hour.usual), _seats(missing_seats(half_hour)),
    )  # fmt: skip


def _seats(seats: int | None) -> str:
    return "–" if seats is None else str(seats)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
