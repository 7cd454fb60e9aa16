"""Shared parts of the commands that ask a running hotline: options, and the error if no hotline runs."""

import os
import pwd
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from ivr.control import control_client
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.runtime.site_folder import VARIABLE, SiteFolder, site_folder
from ivr.texts import _

F = TypeVar("F", bound=Callable[..., Any])


def _home_option(name: str, site_or_home: Callable[[Path | None], object]) -> Callable[[F], F]:
    return click.option(
        "--home",
        name,
        metavar="DIR",
        envvar=VARIABLE,
        type=click.Path(path_type=Path, file_okay=False),
        callback=lambda _context, _parameter, folder: site_or_home(folder),
        help=_("The site folder of the hotline; HOTLINE_HOME, or 'site' in the current folder, unless given."),
    )


site_option: Callable[[F], F] = _home_option("site", site_folder)
home_option: Callable[[F], F] = _home_option("home", lambda folder: open_home(site_folder(folder).home))
json_option = click.option("--json", "as_json", is_flag=True, help=_("Print JSON for programs."))
unmasked_option = click.option(
    "--unmasked", is_flag=True, help=_("Show callers' whole numbers in the table; --json always has them.")
)


def fail(*lines: str, code: int = 1) -> NoReturn:
    """Print each line to stderr and end with ``code``."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)


def open_home(home: Home) -> Home:
    """Return a state folder; a folder of another user, which this user may not read, ends the command."""
    try:
        exists = home.root.exists()
    except PermissionError:  # a folder above it is closed to this user
        exists = True
    if exists and not os.access(home.root, os.R_OK | os.X_OK):
        fail(
            _("the hotline in {home} belongs to another user; run the command as that user or as root").format(
                home=home.root
            )
        )
    return home


def registry_file(site: SiteFolder) -> Path:
    """Return the registry that the admin of a site edits; for a state folder, the one that its hotline started with.

    A named folder that is neither ends the command, because a misspelled folder must not mean the registry of the
    current folder.
    """
    if not site.state_only:
        return site.numbers
    home = open_home(site.home)
    if not home.hotline.is_file():
        fail(_("there is no site in {folder}; 'ivr init {folder}' makes one").format(folder=home.root))
    return Path(hotline_facts.read(home.hotline).numbers)


def ask(home: Home, action: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Ask the running hotline; if it refuses, or does not run, end the command with exit 1."""
    try:
        return control_client.ask(home, action, **arguments)
    except control_client.NotRunning as error:
        fail(str(error))
    except control_client.RequestRefused as refusal:
        fail(*refusal.args)


def user() -> str:
    """Return the name of the user who gave this command; behind sudo, the name of the user who called sudo."""
    behind = os.environ.get("SUDO_USER", "") if os.getuid() == 0 else ""
    try:
        return behind or pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
