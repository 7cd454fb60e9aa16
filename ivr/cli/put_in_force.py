"""What ``ivr reload`` and ``ivr rollback`` share: a registry goes to the running hotline, or the old one stays."""

from typing import NoReturn

import click

from ivr.cli.home import fail, user
from ivr.control import client
from ivr.runtime.layout import Home
from ivr.site import registry_history
from ivr.texts import _


def put_in_force(home: Home, text: str, file: str) -> None:
    """Put the registry ``text`` in force for new calls and print its size; a refusal ends the command with exit 1."""
    try:
        size = client.ask(home, "reload", text=text, file=file, by=user())
    except client.NotRunning as error:
        fail(str(error))
    except client.Refused as refusal:
        refuse(home, *refusal.args)
    click.echo(_("in force: {numbers} numbers, {seats} seats").format(**size))


def refuse(home: Home, *reasons: str) -> NoReturn:
    """Print the reasons, then which registry stays in force, and end the command with exit 1."""
    kept = registry_history.history(home)
    since = f"{kept[0].at:%Y-%m-%d %H:%M:%S}" if kept else "?"
    fail(
        *reasons,
        _("nothing was changed; the registry that came into force at {since} stays in force").format(since=since),
    )
