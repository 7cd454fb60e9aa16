"""``ivr refusals``: requests that were refused before they became a call, in words for the carrier."""

import json

import click

from ivr.cli.home import home_option, json_option
from ivr.cli.records import records_of
from ivr.cli.refusal_words import in_words
from ivr.cli.time_options import since_option
from ivr.runtime.layout import Home
from ivr.texts import _


@click.command()
@since_option(_("Only refusals since: 2026-11-22, 30m, 2h, 7d."))
@home_option
@json_option
def refusals(since: str | None, home: Home, as_json: bool) -> None:
    """List the calls and registrations of the last week that were refused before they began, and why.

    Each line can be sent to the carrier as it is.
    """
    refused_requests = records_of(home, "refusals", since=since)
    if as_json:
        click.echo(json.dumps(refused_requests, ensure_ascii=False, indent=2))
        return
    for refused in refused_requests:
        click.echo(in_words(refused))
    click.echo(_("refused requests: {count}").format(count=sum(refused["count"] for refused in refused_requests)))
