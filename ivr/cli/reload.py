"""``ivr reload``: the registry as it stands in the file now, for new calls."""

from pathlib import Path

import click

from ivr.cli.home import ask, fail, home_option, user
from ivr.registry.load import read_text
from ivr.registry.problems import RegistryError
from ivr.runtime import facts
from ivr.runtime.layout import Home
from ivr.texts import _


@click.command(help=_("Put the changed registry in force for new calls; calls in progress go on untouched."))
@home_option
@click.option("--numbers", metavar="FILE", type=click.Path(path_type=Path),
              help=_("The registry; the file that the hotline was started with unless given."))  # fmt: skip
def reload(home: Home, numbers: Path | None) -> None:
    """Send the file's text to the hotline, which checks it before anything changes."""
    ask(home, "ping")
    file = numbers or Path(facts.read(home.hotline).numbers)
    try:
        text = read_text(file)
    except RegistryError as error:
        fail(*map(str, error.problems))
    applied = ask(home, "reload", text=text, file=str(file), by=user())
    click.echo(_("in force: {numbers} numbers, {seats} seats").format(**applied))
