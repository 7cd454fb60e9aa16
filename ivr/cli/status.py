"""``ivr status``: seats, calls and queues as they are now."""

import json

import click
from rich.console import Console
from rich.table import Table

from ivr.cli.home import ask, home_option, json_option
from ivr.runtime.layout import Home
from ivr.texts import _


@click.command(help=_("Show seats, calls and queues as they are now."))
@home_option
@json_option
def status(home: Home, as_json: bool) -> None:
    """Print three tables, or JSON."""
    now = ask(home, "status")
    if as_json:
        click.echo(json.dumps(now, ensure_ascii=False, indent=2))
        return
    _print(
        (_("seat"), _("name"), _("groups"), _("phone"), _("state"), _("calls taken")),
        [(s["seat"], s["name"], ", ".join(s["groups"]), s["phone"], s["state"], str(s["calls_taken"]))
         for s in now["seats"]],
    )  # fmt: skip
    _print(
        (_("group"), _("title"), _("waiting"), _("longest wait"), _("signed in"), _("ready"), _("limit")),
        [(q["group"], q["title"], str(q["waiting"]), f"{q['longest_wait_s']} s", str(q["signed_in"]), str(q["ready"]),
          str(q["limit"])) for q in now["queues"]],
    )  # fmt: skip
    if not now["calls"]:
        click.echo(_("no calls in progress"))
        return
    _print(
        (_("caller"), _("dialled"), _("stage"), _("with"), _("since"), _("call")),
        [(c["caller"], c["line"], c["stage"], ", ".join(c["with"]), f"{c['seconds']} s", c["call_id"])
         for c in now["calls"]],
    )  # fmt: skip


def _print(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    Console(soft_wrap=True).print(table)
    click.echo()
