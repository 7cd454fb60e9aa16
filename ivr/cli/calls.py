"""``ivr calls``: the call records."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from ivr.call_events.values import SpeechDecision
from ivr.cli import words
from ivr.cli.home import home_option, json_option, unmasked_option
from ivr.cli.records import records_of
from ivr.cli.table import moment, show
from ivr.cli.time_options import begin_and_end, day_option, since_option, until_option
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import Outcome
from ivr.records.derive.table_columns import TableColumn, table_columns
from ivr.runtime.layout import Home
from ivr.site.json_log import masked
from ivr.texts import _

_OUTCOMES = click.Choice([outcome.value for outcome in Outcome])


@click.command(help=_("Show the call records, oldest first."))
@click.option("--number", metavar="N", help=_("Only calls to this number."))
@since_option(_("Only calls since: 2026-11-22, 30m, 2h, 7d."))
@until_option(_("Only calls until: 2026-11-22 (to the end of that day), 2026-11-22T08:00, 2h."))
@day_option(_("Only calls of a day: 2026-11-22, today, yesterday."))
@click.option("--caller", metavar="C", help=_("Only calls of a number that ends with C, or 'withheld'."))
@click.option("--outcome", type=_OUTCOMES, help=_("Only calls with this outcome."))
@click.option("--seat", metavar="SEAT", help=_("Only calls that this seat answered."))
@click.option("--call", metavar="ID", help=_("Only the call with this call_id."))
@home_option
@unmasked_option
@json_option
def calls(
    *, since: str | None, until: str | None, day: date | None, home: Home, unmasked: bool, as_json: bool,
    **conditions: str | None,
) -> None:  # fmt: skip
    """Print the records as a table, or as JSON for programs. The table masks callers' numbers unless ``--unmasked``."""
    if day:
        if since or until:
            raise click.UsageError(_("--day is a whole day: leave out --since and --until"))
        since, until = begin_and_end(day)
    conditions |= {"since": since, "until": until}
    records = records_of(home, "calls", **conditions)
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    columns = table_columns(CallRecord)
    show(
        (*(column.heading for column in columns), _("work order"), _("legs")),
        [_row(columns, call, unmasked=unmasked) for call in records],
    )
    click.echo(_("calls: {count}").format(count=len(records)))


def _row(columns: Sequence[TableColumn], call: dict[str, Any], *, unmasked: bool) -> tuple[str, ...]:
    caller = call["caller"] if unmasked else masked(call["caller"])
    in_words = call | {
        "started_at": moment(call["started_at"]),
        "caller": caller or _("withheld"),
        "mode": words.mode(call["mode"] or ""),
        "intent_text": _last_utterance(call),
        "path": words.path(call["path"]),
        "outcome": words.outcome(call["outcome"]),
        "fallbacks": [words.fallback(reason) for reason in call["fallbacks"]],
    }
    lost_phones = [_("the phone of seat {seat} was lost").format(seat=seat) for seat in call["phones_lost"]]
    legs = "; ".join([*map(_leg, call["legs"]), *lost_phones])
    return (*(column.cell(in_words) for column in columns), call["work_order"] or "", legs)


def _last_utterance(call: dict[str, Any]) -> str:
    """Return the caller's last utterance, its target and confidence, and a question mark if it was not understood."""
    if call["intent_decision"] is None:
        return ""
    decision = SpeechDecision(call["intent_decision"])
    if not call["intent_text"]:
        return words.speech_failure(decision)
    missed = decision.is_missed
    target = f" → {call['intent_target']}" if call["intent_target"] else ""
    return f"“{call['intent_text']}”{target}{'?' if missed else ''} {call['confidence']:.2f}"


def _leg(leg: dict[str, Any]) -> str:
    seconds = _("{seconds:.0f} s").format(seconds=leg["seconds"])
    return f"{words.leg_kind(leg['kind'])} {leg['target']} {words.leg_result(leg['result'])} {seconds}"
