"""``ivr doctor``: check the hotline and the machine."""

import json
import sys

import click
from rich.cells import cell_len

from ivr.cli.home import home_option, json_option
from ivr.doctor.examine import examine, looks
from ivr.doctor.finding import Level
from ivr.runtime.layout import Home
from ivr.texts import _


@click.command()
@home_option
@json_option
def doctor(home: Home, as_json: bool) -> None:
    """Check the hotline and the machine, with advice on each fault; nothing is changed.

    The exit code is 1 if there is a problem, else 0.
    """
    words = {Level.OK: _("ok"), Level.WARNING: _("warning"), Level.PROBLEM: _("problem")}
    widths = max(map(cell_len, words.values())), max(map(cell_len, looks()))
    found = []
    for name, finding in examine(home):
        found.append({"check": name, "level": finding.level, "text": finding.text, "advice": finding.advice})
        if not as_json:
            head = (
                text + " " * (width - cell_len(text))
                for text, width in zip((words[finding.level], name), widths, strict=True)
            )
            advice = f" → {finding.advice}" if finding.advice else ""
            click.echo("  ".join((*head, finding.text + advice)))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    sys.exit(any(one["level"] == Level.PROBLEM for one in found))
