"""``ivr calls``: the call records."""

import json
from collections.abc import Sequence
from typing import Any

import click

from ivr.cli.home import home_option, json_option, unmasked_option
from ivr.cli.since import since_option
from ivr.cli.state import records_of
from ivr.cli.table import moment, show
from ivr.engine.log import masked
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.table_columns import TableColumn, table_columns
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
    """Print the records as a table, or as JSON for programs. The table masks callers' numbers unless ``--unmasked``."""
    found = records_of(home, "calls", records, to_json, number, since)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    columns = table_columns(CallRecord)
    show(
        (*(column.heading for column in columns), _("work order"), _("legs")),
        [_row(columns, call, unmasked=unmasked) for call in found],
    )
    click.echo(_("{count} calls").format(count=len(found)))


def _row(columns: Sequence[TableColumn], call: dict[str, Any], *, unmasked: bool) -> tuple[str, ...]:
    caller = call["caller"] if unmasked else masked(call["caller"])
    shown = call | {"started_at": moment(call["started_at"]), "caller": caller or _("withheld")}
    legs = (f"{leg['kind']} {leg['target']} {leg['result']} {leg['seconds']:.0f} s" for leg in call["legs"])
    return (*(column.cell(shown) for column in columns), call["work_order"] or "", "; ".join(legs))
