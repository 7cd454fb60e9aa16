"""Shared part of ``ivr reload`` and ``ivr rollback``: put a registry in force, or keep the old one."""

from pathlib import Path
from typing import NoReturn

import click

from ivr.cli.home import fail, user
from ivr.control import control_client
from ivr.runtime.layout import Home
from ivr.site import registry_history, staging
from ivr.texts import _


def put_in_force(home: Home, text: str, recordings: Path | None, file: str, orders: str | None) -> None:
    """Put a registry and the site's own recordings in force for new calls; a refusal ends the command with exit 1.

    Args:
        home: the home of the running hotline.
        text: the text of the registry.
        recordings: the folder of the site's own recordings; it may be missing.
        file: the registry's name for messages.
        orders: the text of the site's own orders.yaml; None if it has none.
    """
    try:
        staged = staging.stage(home, text, recordings, orders)
    except OSError as error:
        refuse(home, str(error))
    try:
        size = control_client.ask(home, "reload", name=staged.name, file=file, by=user())
    except control_client.NotRunning as error:
        fail(str(error))
    except control_client.RequestRefused as refusal:
        refuse(home, *refusal.args)
    finally:
        staged.discard()
    click.echo(_("the registry is in force; numbers: {numbers}, seats: {seats}").format(**size))


def refuse(home: Home, *reasons: str) -> NoReturn:
    """Print the reasons and the registry that stays in force, and end the command with exit 1."""
    history = registry_history.history(home)
    since = f"{history[0].at:%Y-%m-%d %H:%M:%S}" if history else "?"
    fail(
        *reasons,
        _("nothing was changed; the registry that came into force at {since} stays in force").format(since=since),
    )
