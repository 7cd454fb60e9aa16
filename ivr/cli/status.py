"""``ivr status``: seats, calls and queues as they are now."""

import json
from typing import Any

import click

from ivr.cli import words
from ivr.cli.home import ask, home_option, json_option, unmasked_option
from ivr.cli.table import moment, show
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.site.json_log import masked
from ivr.texts import _


@click.command(
    help=_("Show seats, calls and queues as they are now."),
)
@unmasked_option
@home_option
@json_option
def status(unmasked: bool, home: Home, as_json: bool) -> None:
    """Print three tables, or JSON."""
    hotline_status = ask(home, "status")
    if as_json:
        click.echo(json.dumps(hotline_status, ensure_ascii=False, indent=2))
        return
    if hotline_status["node"]:
        click.echo(_("node {node}; 'ivr node status' shows all nodes").format(node=hotline_status["node"]))
    if hotline_status["stopping"]:
        click.echo(_("The hotline is being stopped: new callers are turned away, calls in progress go on."), err=True)
    is_cluster = any("node" in seat for seat in hotline_status["seats"])
    show(
        (*_heading(is_cluster), _("seat"), _("name"), _("groups"), _("phone"), _("state"), _("calls today"),
         _("registered from")),
        [_seat_row(seat) for seat in hotline_status["seats"]],
    )  # fmt: skip
    click.echo()
    show(
        (*_heading(is_cluster), _("group"), _("title"), _("waiting"), _("longest wait"), _("signed in"), _("ready"),
         _("limit")),
        [_queue_row(queue) for queue in hotline_status["queues"]],
    )  # fmt: skip
    for queue in hotline_status["queues"]:
        if queue["unattended_s"]:
            message = _("{group}: {waiting} callers wait, and no seat has taken calls for {seconds} s")
            seconds, waiting = queue["unattended_s"], queue["waiting"]
            click.echo(message.format(group=queue["title"], waiting=waiting, seconds=seconds), err=True)
    click.echo()
    if not hotline_status["calls"]:
        click.echo(_("no calls in progress"))
    else:
        _show_calls(
            [call if unmasked else {**call, "caller": masked(call["caller"])} for call in hotline_status["calls"]]
        )
    click.echo()
    show(
        (*_heading(is_cluster), _("trunk"), _("state"), _("hosts"), _("last call in"), _("last call out"),
         _("last failure")),
        [(*_node(trunk), *_trunk(trunk)) for trunk in hotline_status["trunks"]],
    )  # fmt: skip
    click.echo()
    address = f"http://127.0.0.1:{hotline_facts.read(home.hotline).http_port}"
    click.echo(_("health: {where}/healthz, metrics: {where}/metrics").format(where=address))


def _heading(is_cluster: bool) -> tuple[str, ...]:
    return (_("node"),) if is_cluster else ()


def _node(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the node of a seat, queue, call or trunk in a cluster."""
    return (row["node"] or "-",) if "node" in row else ()


def _contacts(seat: dict[str, Any]) -> str:
    return ", ".join(f"{phone['address']} {phone['user_agent']}".rstrip() for phone in seat["contacts"])


def _trunk(trunk: dict[str, Any]) -> tuple[str, ...]:
    state = _("up") if trunk["up"] else _("DOWN")
    if trunk["registered"] is not None:
        state += f" ({_('registered') if trunk['registered'] else _('not registered')})"
    words = {True: _("answers"), False: _("silent"), None: _("not asked")}
    hosts = ", ".join(f"{host['host']} {words[host['answers']]}" for host in trunk["hosts"])
    failed = (
        f"{moment(trunk['last_failure'])} {trunk['failed_host']} {trunk['failure']}" if trunk["last_failure"] else "-"
    )
    times = [moment(trunk[key]) if trunk[key] else "-" for key in ("last_in", "last_out")]
    return (trunk["trunk"], state, hosts, *times, failed)


def _phone(seat: dict[str, Any]) -> str:
    """Return whether the phone is registered, and its number if the agent signed in at another seat's phone."""
    online = words.phone(seat["phone"])
    return f"{online} ({seat['at']})" if seat["at"] else online


def _state(seat: dict[str, Any]) -> str:
    state = words.seat_state(seat["state"])
    return f"{state} ({words.busy_reason(seat['reason'])})" if seat["reason"] else state


def _count(count: int | None) -> str:
    return "?" if count is None else str(count)


def _seconds(seconds: float) -> str:
    return _("{seconds:.0f} s").format(seconds=seconds)


def _seat_row(seat: dict[str, Any]) -> tuple[str, ...]:
    return (
        *_node(seat), seat["seat"], seat["name"], ", ".join(seat["groups"]), _phone(seat), _state(seat),
        _count(seat["calls_taken"]), _contacts(seat),
    )  # fmt: skip


def _queue_row(queue: dict[str, Any]) -> tuple[str, ...]:
    return (
        *_node(queue), queue["group"], queue["title"], str(queue["waiting"]), _seconds(queue["longest_wait_s"]),
        str(queue["signed_in"]), str(queue["ready"]), str(queue["limit"]),
    )  # fmt: skip


def _call_row(call: dict[str, Any]) -> tuple[str, ...]:
    return (
        *_node(call), call["caller"] or _("withheld"), call["line"], words.stage(call["stage"]),
        ", ".join(call["with"]), _seconds(call["seconds"]), call["call_id"],
    )  # fmt: skip


def _show_calls(calls: list[dict[str, Any]]) -> None:
    is_cluster = any("node" in call for call in calls)
    show(
        (*_heading(is_cluster), _("caller"), _("dialled"), _("stage"), _("with"), _("duration"), _("call")),
        [_call_row(call) for call in calls],
    )  # fmt: skip
