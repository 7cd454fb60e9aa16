"""``ivr calls``: the call records."""

import json
from datetime import datetime, timedelta
from typing import Any

import click

from ivr.cli.home import fail, home_option, json_option
from ivr.cli.state import call_database
from ivr.cli.table import show
from ivr.control import client
from ivr.engine.log import masked
from ivr.records.database import DatabaseUnusable
from ivr.records.queries import calls as records
from ivr.records.queries import to_json
from ivr.routing.calendar import CITY_TIME, city_time
from ivr.runtime.layout import Home
from ivr.texts import _

_AGO = {"m": "minutes", "h": "hours", "d": "days"}


def _since(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    """Read ``2026-11-22``, ``2026-11-22T08:00`` or ``30m``, ``2h``, ``7d`` ago, in the city's time."""
    if text is None:
        return None
    if text[:-1].isdecimal() and text[-1:] in _AGO:
        return (datetime.now(CITY_TIME) - timedelta(**{_AGO[text[-1]]: int(text[:-1])})).isoformat()
    try:
        return city_time(datetime.fromisoformat(text)).isoformat()
    except (ValueError, OverflowError):
        raise click.BadParameter(
            _("'{text}' is no time; write 2026-11-22, 2026-11-22T08:00, or 30m, 2h, 7d for that long ago").format(
                text=text
            )
        ) from None


def _found(home: Home, number: str | None, since: str | None) -> list[dict[str, Any]]:
    """Ask the hotline, or its database where it does not run."""
    try:
        found: list[dict[str, Any]] = client.ask(home, "calls", number=number, since=since)
    except client.Refused as refusal:
        fail(*refusal.args)
    except client.NotRunning as error:
        try:
            begun = datetime.fromisoformat(since) if since else None
            found = [to_json(record) for record in records(call_database(home), number, begun)]
        except FileNotFoundError:
            fail(str(error))
        except DatabaseUnusable as unusable:
            fail(str(error), str(unusable))
    return found


@click.command(help=_("Show the call records, oldest first."))
@click.option("--number", metavar="N", help=_("Only calls to this number."))
@click.option("--since", metavar="T", callback=_since, help=_("Only calls since: 2026-11-22, 30m, 2h, 7d."))
@home_option
@click.option("--unmasked", is_flag=True, help=_("Show callers' whole numbers in the table; --json always has them."))
@json_option
def calls(number: str | None, since: str | None, home: Home, unmasked: bool, as_json: bool) -> None:
    """Print the records as a table, callers' numbers masked unless asked otherwise, or as JSON for programs."""
    found = _found(home, number, since)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    show(
        (
            _("started"), _("caller"), _("dialled"), _("line"), _("mode"), _("path"), _("wait"), _("seat"),
            _("outcome"), _("fallback"), _("work order"), _("legs"),
        ),
        [_row(call, call["caller"] if unmasked else masked(call["caller"])) for call in found],
    )  # fmt: skip
    click.echo(_("{count} calls").format(count=len(found)))


def _row(call: dict[str, Any], caller: str) -> tuple[str, ...]:
    legs = (f"{leg['kind']} {leg['target']} {leg['result']} {leg['seconds']:.0f} s" for leg in call["legs"])
    return (
        city_time(datetime.fromisoformat(call["started_at"])).strftime("%m-%d %H:%M:%S"),
        caller or _("withheld"),
        call["dialled"],
        call["line"] or "",
        call["mode"] or "",
        call["path"] or "",
        "" if call["wait_s"] is None else f"{call['wait_s']:.0f} s",
        call["seat"] or "",
        call["outcome"],
        ", ".join(call["fallbacks"]),
        call["work_order"] or "",
        "; ".join(legs),
    )
