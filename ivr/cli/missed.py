"""``ivr speech missed``: the callers' utterances that the hotline did not understand."""

import json
from typing import Any

import click

from ivr.cli.home import home_option, json_option
from ivr.cli.records import records_of
from ivr.cli.table import moment, show
from ivr.cli.time_options import since_option, until_option
from ivr.runtime.layout import Home
from ivr.texts import _


@click.command(
    short_help=_("list words of callers that were not understood"),
    help=_(
        "List words of callers at a menu that were not understood, or that callers denied when they were asked.\n\n"
        "A row has a text with the texts that sound alike, how often and when it was said, and the line that agents "
        "consulted for it or the line and unit of its work order."
    ),
)
@since_option(_("Only texts since: 2026-11-22, 30m, 2h, 7d."))
@until_option(_("Only texts until: 2026-11-22 (to the end of that day), 2026-11-22T08:00, 2h."))
@click.option("--menu", metavar="NAME", help=_("Only texts at this menu."))
@home_option
@json_option
def missed(since: str | None, until: str | None, menu: str | None, home: Home, as_json: bool) -> None:
    """Print the texts as a table, or as JSON for programs; long numbers in them are masked in either."""
    texts = records_of(home, "missed", since=since, until=until, menu=menu)
    if as_json:
        click.echo(json.dumps(texts, ensure_ascii=False, indent=2))
        return
    if not texts:
        click.echo(_("all words of callers were understood"))
        return
    show((_("said"), _("times"), _("last"), _("menu"), _("line or unit that agents chose")), map(_row, texts))
    click.echo(_("texts: {count}").format(count=len(texts)))


def _row(text: dict[str, Any]) -> tuple[str, ...]:
    acts = [f"{_act_in_words(act)} ×{act['count']}" for act in text["made_of"]]
    if text["unsettled"]:
        acts.append(f"— ×{text['unsettled']}")
    return (text["text"], str(text["count"]), moment(text["last_at"]), " ".join(text["menus"]), "; ".join(acts))


def _act_in_words(act: dict[str, Any]) -> str:
    if act["by"] == "consult":
        return _("consulted {number}").format(number=act["number"])
    return _("work order {number} {unit}").format(number=act["number"], unit=act["unit"] or "").rstrip()
