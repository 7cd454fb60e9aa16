"""``ivr callbacks``: missed callers whom an agent has to call back."""

import json

import click

from ivr.cli import words
from ivr.cli.home import ask, home_option, json_option, unmasked_option
from ivr.cli.table import moment, show
from ivr.runtime.layout import Home
from ivr.site.json_log import masked
from ivr.texts import _


@click.command(
    help=_("List the callbacks that are due; with 'ring ID', ring an agent and then that citizen."),
)
@click.argument("action", required=False, metavar="[ring", type=click.Choice(["ring"]))
@click.argument("missed", required=False, metavar="ID]")
@click.option("--seat", metavar="SEAT", help=_("With ring: the seat that rings; any ready seat if not given."))
@unmasked_option
@home_option
@json_option
def callbacks(
    action: str | None, missed: str | None, seat: str | None, unmasked: bool, home: Home, as_json: bool
) -> None:
    """Print the callbacks as a table or JSON, or let an agent call a citizen back."""
    if action:
        if not missed:
            raise click.UsageError(_("name the callback: write the ID that 'ivr callbacks' shows"))
        ring = ask(home, "ring", missed=missed, seat=seat)
        click.echo(_("seat {seat} rings; then {number} will").format(seat=ring["seat"], number=masked(ring["number"])))
        return
    open_callbacks = ask(home, "callbacks")
    if as_json:
        click.echo(json.dumps(open_callbacks, ensure_ascii=False, indent=2))
        return
    show(
        ("ID", _("caller"), _("dialled"), _("since"), _("asked"), _("tries"), _("state")),
        [
            (
                callback["id"],
                callback["caller"] if unmasked else masked(callback["caller"]),
                callback["line"],
                moment(callback["since"]),
                _("yes") if callback["asked"] else "",
                str(callback["tries"]),
                words.callback_state(callback["state"]),
            )
            for callback in open_callbacks
        ],
    )
    click.echo(_("to be called back: {count}").format(count=len(open_callbacks)))
