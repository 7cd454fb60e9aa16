"""``ivr doctor``: check the hotline and the machine; in a cluster, each node."""

import json
import sys
from typing import Any

import click
from rich.cells import cell_len

from ivr.cli.home import home_option, json_option
from ivr.control import control_client
from ivr.doctor.examine import checks, examine
from ivr.doctor.finding import Level
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.texts import _

_OTHER_NODES = 75.0  # seconds for the answers of the other nodes


@click.command()
@click.option("--here", is_flag=True, help=_("In a cluster, check this node alone."))
@home_option
@json_option
def doctor(here: bool, home: Home, as_json: bool) -> None:
    """Check the hotline and the machine, with advice on each fault; nothing is changed.

    In a cluster each node checks itself, and each line names its node. The exit code is 1 if there is a problem,
    else 0.
    """
    own_node = "" if here else _own_node(home)
    lines = []
    for name, finding in examine(home):
        line = {"check": name, "level": finding.level, "text": finding.text, "advice": finding.advice}
        lines.append({"node": own_node, **line} if own_node else line)
        if not as_json:
            click.echo(_line(lines[-1]))
    if own_node:
        for line in _elsewhere(home, own_node):
            lines.append(line)
            if not as_json:
                click.echo(_line(line))
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=2))
    sys.exit(any(line["level"] == Level.PROBLEM for line in lines))


def _line(finding: dict[str, Any]) -> str:
    words = {Level.OK: _("ok"), Level.WARNING: _("warning"), Level.PROBLEM: _("problem")}
    columns = [
        _padded(words[Level(finding["level"])], max(map(cell_len, words.values()))),
        _padded(finding["check"], max(map(cell_len, checks()))),
        finding["text"] + (f" → {finding['advice']}" if finding["advice"] else ""),
    ]
    return "  ".join((finding["node"], *columns) if "node" in finding else columns)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _elsewhere(home: Home, own_node: str) -> list[dict[str, Any]]:
    """Return the findings of the other nodes; if this node's engine cannot ask them, return that as a finding."""
    try:
        findings_by_node = control_client.ask_within(_OTHER_NODES, home, "doctor-elsewhere")
    except (control_client.NotRunning, control_client.RequestRefused) as error:
        text = _("the other nodes cannot be asked: {reason}").format(reason="; ".join(map(str, error.args)))
        advice = _("repair this node, or run 'ivr doctor' on another node")
        return [{"node": own_node, "check": _("nodes"), "level": Level.PROBLEM, "text": text, "advice": advice}]
    return [{"node": node, **finding} for node, findings in findings_by_node.items() for finding in findings]


def _own_node(home: Home) -> str:
    """Return the name of this node; "" if the hotline is no node of a cluster."""
    try:
        facts = hotline_facts.read(home.hotline)
    except FileNotFoundError:
        return ""
    return facts.node if facts.front else ""
