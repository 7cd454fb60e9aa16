"""``ivr calls``: the call records."""

import json
from typing import Any

import click

from ivr.cli.home import home_option, json_option, unmasked_option
from ivr.cli.since import since_option
from ivr.cli.state import records_of
from ivr.cli.table import moment, show
from ivr.engine.log import masked
from ivr.records.store.queries import calls as records
from ivr.records.store.queries import to_json
from ivr.runtime.layout import Home
from ivr.texts import _


@click.command(help=_("Show the call records, oldest first."))
@click.option("--number", metavar="N", help=_("Only calls to this number."))
@since_option(_("Only calls since: 2026-11-22, 30m, 2h, 7d."))
@home_option
@unmasked_option
@json_option
def calls(number: str | None, since: str | None, home: Home, unmasked: bool, as_json: bool) -> None:
    """Print the records as a table, callers' numbers masked unless asked otherwise, or as JSON for programs."""
    found = records_of(home, "calls", records, to_json, number, since)
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
        moment(call["started_at"]),
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
