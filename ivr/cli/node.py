"""``ivr node``: the nodes of a cluster, and which of them take calls."""

import json
import time
from typing import Any

import click

from ivr.cli.home import ask, fail, home_option, json_option, user
from ivr.cli.table import show
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.texts import _

_EVERY = 1.0  # seconds


@click.group()
def node() -> None:
    """Show the nodes of a cluster, and let a node take calls or not."""


_name = click.argument("name", required=False)


@node.command(short_help=_("give a node no new calls"))
@_name
@click.option("--wait", is_flag=True, help=_("Wait until the node has no call."))
@home_option
def drain(name: str | None, wait: bool, home: Home) -> None:
    """Give the node NAME (this node unless given) no new calls; calls in progress go on.

    Another node takes the next call.
    """
    name = name or _own_node(home)
    ask(home, "node-want", node=name, wanted="drained", by=user())
    click.echo(_("{node} gets no new calls; 'ivr node resume {node}' takes that back").format(node=name))
    while wait and (calls := _calls_up(home, name)) != 0:
        click.echo(_("{node}: calls up: {calls}").format(node=name, calls="?" if calls is None else calls), err=True)
        time.sleep(_EVERY)


@node.command(short_help=_("give a node calls again"))
@_name
@home_option
def resume(name: str | None, home: Home) -> None:
    """Give the node NAME (by default this node) calls again."""
    name = name or _own_node(home)
    ask(home, "node-want", node=name, wanted="open", by=user())
    click.echo(_("{node} gets calls again").format(node=name))


@node.command(short_help=_("show the nodes of the cluster"))
@home_option
@json_option
def status(home: Home, as_json: bool) -> None:
    """Show the state of each node, and the registry that it has in force."""
    _own_node(home)
    nodes = ask(home, "nodes")
    if as_json:
        click.echo(json.dumps(nodes, ensure_ascii=False, indent=2))
        return
    if not nodes:
        click.echo(_("no node has reported its state yet; a node does so within seconds of its start"), err=True)
        return
    show((_("node"), _("state"), _("calls"), _("version"), _("registry"), _("seen")), [_row(node) for node in nodes])


def _row(node: dict[str, Any]) -> tuple[str, ...]:
    words = {
        "open": _("takes calls"),
        "draining": _("draining"),
        "behind": _("takes no calls yet"),
        "stopping": _("being stopped"),
        "away": _("AWAY"),
    }
    state = words[node["state"]] + (f": {node['why']}" if node["why"] else "")
    calls = "?" if node["calls"] is None else str(node["calls"])
    seen_ago = _("{seconds:.0f} s ago").format(seconds=node["seen_s"])
    return (node["node"], state, calls, node["program"], node["registry"], seen_ago)


def _calls_up(home: Home, name: str) -> int | None:
    """Return the calls of a node; None if it does not say yet that it takes no more of them."""
    node = next(node for node in ask(home, "nodes") if node["node"] == name)
    return None if node["state"] == "open" else int(node["calls"] or 0)


def _own_node(home: Home) -> str:
    try:
        facts = hotline_facts.read(home.hotline)
        node_name = facts.node if facts.front else ""
    except FileNotFoundError:
        node_name = ""
    return node_name or fail(_("this hotline is no node of a cluster; docs/cluster.md says how it becomes one"))
