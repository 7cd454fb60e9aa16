"""``ivr push``: the state of the messages to platforms; sends messages again, or retries the waiting ones at once."""

import json
from typing import Any

import click

from ivr.cli.home import ask, home_option, json_option
from ivr.cli.table import show
from ivr.cli.time_options import since_option
from ivr.runtime.layout import Home
from ivr.texts import _


@click.command()
@click.option("--platform", metavar="NAME", default="", help=_("Only this platform of orders.yaml."))
@since_option(_("Send again the messages since: 2026-11-22, 30m, 2h, 7d."))
@click.option("--retry", is_flag=True, help=_("Retry the waiting messages at once."))
@home_option
@json_option
def push(platform: str, since: str | None, retry: bool, home: Home, as_json: bool) -> None:
    """Show for each platform the messages that were delivered, and the messages that wait, with the reason.

    A message that is sent again keeps its id, so that the platform recognises it.
    """
    states: list[dict[str, Any]] = ask(home, "platforms", platform=platform, since=since or "", retry=retry)
    if as_json:
        click.echo(json.dumps(states, ensure_ascii=False, indent=2))
        return
    if not states:
        click.echo(_("orders.yaml has no platforms"))
        return
    rows = [
        (state["platform"], platform_object, str(count["delivered"]), str(count["waiting"]))
        for state in states
        for platform_object, count in (state["objects"] or {"—": {"delivered": 0, "waiting": 0}}).items()
    ]
    show((_("platform"), _("object"), _("delivered"), _("waiting")), rows)
    for state in states:
        if not state["has_key"]:
            click.echo(_("{name} has no key, so nothing is sent; store its key: ivr secret set platform {name}").format(
                name=state["platform"]))  # fmt: skip
        if state["waiting_since"]:
            click.echo(_("{name}: the oldest message waits since {at}").format(
                name=state["platform"], at=state["waiting_since"]))  # fmt: skip
        for problem in state["problems"]:
            click.echo(f"  {problem['message']}: {problem['problem']}")
