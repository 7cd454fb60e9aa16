"""``ivr reload``: the registry as it stands in the file now, for new calls."""

from pathlib import Path

import click

from ivr.cli.home import ask, home_option
from ivr.cli.put_in_force import put_in_force, refuse
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
        refuse(home, *map(str, error.problems))
    put_in_force(home, text, str(file))
