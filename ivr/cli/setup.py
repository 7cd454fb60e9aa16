"""``ivr setup``: see to the programs that the hotline stands on. ``make setup`` runs it; it is safe to repeat."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from ivr.cli.home import fail
from ivr.runtime import asterisk, debian, fail2ban, postgres, privilege, sipp
from ivr.runtime.cache import cache_folder
from ivr.runtime.errors import RuntimeMissing, RuntimeProblem
from ivr.speech import find, models
from ivr.texts import _

T = TypeVar("T")


@click.command(help=_("Find or fetch Asterisk and a recogniser; as root, make the user that the hotline runs as."))
@click.option("--tests", is_flag=True, help=_("See to PostgreSQL and fail2ban, which only the tests need."))
@click.option("--bench", is_flag=True, help=_("See to SIPp and PostgreSQL, which only the bench needs."))
def setup(tests: bool, bench: bool) -> None:
    """Do what is missing, saying so first."""
    console = Console(stderr=True, highlight=False)
    try:
        if tests or bench:
            _postgres(console)
        if tests:
            _fail2ban(console)
        if bench:
            _sipp(console)
        if not (tests or bench):
            _asterisk(console)
            _service_user(console)
            _speech(console)
    except (RuntimeProblem, OSError) as problem:
        fail(str(problem))


def _asterisk(console: Console) -> None:
    try:
        found = asterisk.find()
    except RuntimeMissing:
        _announce(console, _("Asterisk from the distribution's packages (80 MB to download, 200 MB on disk)"))
        found = _with_bar(console, asterisk.install)
    console.print(
        _("Asterisk {version}: {path}").format(version=found.version, path=Path(found.argv[-1])), soft_wrap=True
    )


def _postgres(console: Console) -> None:
    try:
        programs = postgres.server_programs()
    except RuntimeMissing:
        _announce(
            console,
            _("PostgreSQL's server programs from the distribution's packages (80 MB to download, 270 MB on disk)"),
        )
        programs = _with_bar(console, postgres.install)
    console.print(_("PostgreSQL for the tests: {path}").format(path=programs), soft_wrap=True)


def _fail2ban(console: Console) -> None:
    try:
        fail2ban.regex_command()
    except RuntimeMissing:
        _announce(console, _("fail2ban from the distribution's packages (17 MB to download, 3 MB on disk)"))
        _with_bar(console, fail2ban.install)


def _sipp(console: Console) -> None:
    try:
        program = sipp.program()
    except RuntimeMissing:
        _announce(console, _("SIPp from the distribution's packages (7 MB to download, 20 MB on disk)"))
        program = _with_bar(console, sipp.install)
    console.print(_("SIPp for the bench: {path}").format(path=program), soft_wrap=True)


def _service_user(console: Console) -> None:
    if os.geteuid() != 0:
        return
    if privilege.make_service_user():
        console.print(_("made the system user {user}").format(user=privilege.SERVICE_USER))
    console.print(_("started by root, the hotline runs as the user {user}").format(user=privilege.SERVICE_USER))


def _speech(console: Console) -> None:
    """See to a recogniser for Mandarin; without one the hotline runs all the same, on keys."""
    if missing := find.missing_packages("whisper"):
        text = _("no speech, callers press keys: the packages {missing} are missing; make setup fetches them")
        console.print(text.format(missing=", ".join(missing)), soft_wrap=True)
        return
    found = find.choose().found
    if found is None or found.kind == "whisper":
        try:
            _models(console)
        except models.ModelsMissing as problem:
            text = _("no speech, callers press keys: {why}; make setup tries again")
            console.print(text.format(why=problem), soft_wrap=True)
            return
        found = find.choose().found
    if found:
        console.print(_("callers are heard by {name}").format(name=found.name), soft_wrap=True)


def _models(console: Console) -> None:
    if models.installed():
        return
    _announce(console, _("speech models (150 MB to download, 150 MB on disk)"))
    _with_bar(console, lambda show: models.install(lambda share: show(_("downloading"), share)))


def _announce(console: Console, what: str) -> None:
    console.print(
        _("fetching {what} into {folder}; nothing is installed").format(what=what, folder=cache_folder()),
        soft_wrap=True,
    )


def _with_bar(console: Console, install: Callable[[debian.Progress], T]) -> T:
    """Print each step as it begins, and on a terminal a bar for its share."""
    columns = (TextColumn("  "), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1)
        steps: list[str] = []

        def show(step: str, share: float) -> None:
            if steps[-1:] != [step]:
                steps.append(step)
                console.print(f"  {step}", soft_wrap=True)
            bar.update(task, completed=share)

        return install(show)
