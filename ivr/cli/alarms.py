"""``ivr alarms``: the alarms, their acknowledgement, and a trial of the receivers."""

import json
import sys
from typing import Any

import click

from ivr.cli.home import ask, home_option, json_option, user
from ivr.cli.table import moment, show
from ivr.runtime.layout import Home
from ivr.texts import _

_LONGEST = 500


@click.group()
def alarms() -> None:
    """Show alarms, and acknowledge them."""


@alarms.command("list", short_help=_("list open alarms, and the alarms of the last week"))
@click.option("--open", "only_open", is_flag=True, help=_("Only alarms that are not over."))
@home_option
@json_option
def list_(only_open: bool, home: Home, as_json: bool) -> None:
    """List the open alarms, and the alarms that ended within a week, the newest first."""
    listed_alarms = [alarm for alarm in ask(home, "alarms") if not (only_open and alarm["ended_at"])]
    if as_json:
        click.echo(json.dumps(listed_alarms, ensure_ascii=False, indent=2))
        return
    if not listed_alarms:
        click.echo(_("no alarm"))
        return
    titles = (_("alarm"), _("raised"), _("state"), _("fault"), _("acknowledged by"), _("note"))
    show(titles, [_row(alarm) for alarm in listed_alarms])


@alarms.command(short_help=_("acknowledge an alarm, so that it is not sent again"))
@click.argument("alarm", type=int)
@click.option("--note", default="", help=_("A note about the work on the alarm; receivers and pages show it."))
@home_option
def acknowledge(alarm: int, note: str, home: Home) -> None:
    """Acknowledge ALARM by its number: the alarm is not sent again, and the receivers get the name of the admin."""
    acknowledged = ask(home, "alarm-acknowledge", alarm=alarm, by=user(), note=note[:_LONGEST])
    click.echo(_("alarm {id} is acknowledged: {what}").format(id=acknowledged["id"], what=acknowledged["text"]))


@alarms.command(short_help=_("send a trial to every receiver"))
@home_option
@json_option
def test(home: Home, as_json: bool) -> None:
    """Send a trial to every receiver of alarms at once, and list the receivers that accepted it.

    The exit code is 1 if a receiver did not accept the trial.
    """
    trials = ask(home, "alarm-trial", by=user())
    if as_json:
        click.echo(json.dumps(trials, ensure_ascii=False, indent=2))
    elif not trials:
        click.echo(_("numbers.yaml has no receiver of alarms (alarms: receivers:)"))
    else:
        rows = [(trial["receiver"], trial["kind"], trial["problem"] or _("accepted")) for trial in trials]
        show((_("receiver"), _("kind"), _("result")), rows)
    sys.exit(any(trial["problem"] for trial in trials))


def _row(alarm: dict[str, Any]) -> tuple[str, ...]:
    state = _("over") if alarm["ended_at"] else _("acknowledged") if alarm["acknowledged_at"] else _("open")
    return (
        str(alarm["id"]), moment(alarm["raised_at"]), state, alarm["text"], alarm["acknowledged_by"], alarm["note"],
    )  # fmt: skip
