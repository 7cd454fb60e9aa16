"""``ivr speech``: fetch and check the recogniser, list known and missed texts, try a recording."""

import os
import wave
from pathlib import Path
from typing import assert_never

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ivr.cli import words
from ivr.cli.home import fail
from ivr.cli.missed import missed
from ivr.cli.speech_phrases import show
from ivr.engine import speech_service
from ivr.lazy import loaded
from ivr.meaning.package import missing
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.routing.caller_choice import KeyChoice, NeedsHelp, SpokenChoice, WantsAgent, WantsLine
from ivr.runtime.site_folder import VARIABLE, SiteFolder, site_folder
from ivr.site.candidate import RegistryCandidate, read
from ivr.speech import model_search, models
from ivr.speech.reading_time import advice, best_reading_time, in_words, slowest_reading
from ivr.speech.recognizer import Recognizer
from ivr.texts import _

_numbers_option = click.option(
    "--numbers",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("The registry, whose phrases callers say; the site's own unless given."),
)


@click.group()
def speech() -> None:
    """Check and fetch the speech recogniser, and try recordings with it."""


speech.add_command(missed)


@speech.command(short_help=_("fetch a recogniser for Mandarin"))
def install() -> None:
    """Fetch Whisper, a Mandarin recogniser, into the cache of this user; safe to repeat.

    A Chinese vosk model is used instead if it lies in ~/.cache/vosk or VOSK_MODEL_PATH names it.
    """
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("  {task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(_("speech models (150 MB)"), total=1)
            fetched = models.install(lambda share: bar.update(task, completed=share))
    except (models.ModelsMissing, OSError) as problem:
        fail(str(problem))
    text = _("speech: fetched into {folder}") if fetched else _("speech: the models are in {folder}")
    console.print(text.format(folder=model_search.speech_folder()), soft_wrap=True)


@speech.command(short_help=_("show the recogniser that will run, and the words that it does not know"))
@_numbers_option
def check(numbers: Path | None) -> None:
    """Show the recogniser that will run and why, whether it reads in time, and the phrases that it can never hear.

    The exit code is 1 if callers can only press keys.
    """
    registry = _candidate(numbers).registry
    recognizer = _recognizer()
    click.echo(_("callers are heard by {name}").format(name=recognizer.name))
    if reason := missing():
        click.echo(_("callers are understood by sound alone: {reason}").format(reason=reason))
    for vocabulary in speech_service.vocabularies(registry):
        unknown = recognizer.unknown(vocabulary)
        text = _("{menu}: {count} phrases, {unknown} of them unknown to the model")
        click.echo(text.format(menu=vocabulary.name, count=len(vocabulary.phrases), unknown=len(unknown)))
        for phrase in unknown:
            click.echo(f"  {phrase}")
    seconds = best_reading_time(recognizer)
    text = in_words(recognizer.name, seconds)
    if seconds > slowest_reading():
        fail(f"{text} → {advice()}")
    click.echo(text)


@speech.command(short_help=_("list the texts that lead a caller to a line"))
@click.argument("number", metavar="LINE")
@click.option("--menu", metavar="NAME", default="main", show_default=True, help=_("The menu at which it is said."))
@_numbers_option
def phrases(number: str, menu: str, numbers: Path | None) -> None:
    """List the texts that lead a caller at the menu to LINE (a number of a line or of a linkage service).

    These are its phrases, its names and its unit's with their short forms, and its matters; then what other lines have
    that sounds or means nearly the same.
    """
    registry = _candidate(numbers).registry
    _check_menu(registry, menu)
    show(registry, registry.menus[menu], number)


@speech.command(short_help=_("show the target of a caller who says a recording"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--menu", metavar="NAME", default="main", show_default=True, help=_("The menu at which it is said."))
@_numbers_option
def listen(file: Path, menu: str, numbers: Path | None) -> None:
    """Show the target of a caller who says FILE, a WAV recording of 16 bits, at the menu.

    FILE goes the way of a call: speech server, recogniser, the menu's script. Further utterances in FILE answer the
    questions that the caller is asked.
    """
    candidate = _candidate(numbers)
    _check_menu(candidate.registry, menu)
    _found_recognizer()
    try:
        sound = _telephone(file)
    except (OSError, EOFError, wave.Error) as error:
        fail(_("{file} cannot be read: {reason}").format(file=file, reason=error))
    listening = loaded("ivr.cli.speech_listen")
    try:
        outcome = listening.outcome(candidate, menu, sound, _text_weights())
    except listening.NoRecognizerRuns as problem:
        fail(_("{problem}; callers can only press keys").format(problem=problem))
    for utterance in outcome.heard:
        if failure := words.speech_failure(utterance.decision):
            click.echo(failure)
            continue
        text = _("{text} (confidence {confidence:.2f}, {name}, {seconds:.2f} s): {decision} {target}")
        line = text.format(
            text=utterance.text,
            confidence=utterance.score,
            name=utterance.recognizer,
            seconds=utterance.milliseconds / 1000,
            decision=utterance.decision,
            target=utterance.target,
        )
        click.echo(line.rstrip())
    click.echo(_led_to(outcome.choice) if outcome.heard else _("nothing was said"))


def _led_to(choice: SpokenChoice | KeyChoice) -> str:
    """Return the target of a caller in words."""
    match choice:
        case KeyChoice(None):
            return _("the caller goes to an agent")
        case KeyChoice(key):
            return _("as if the caller pressed {key}").format(key=key)
        case WantsLine(number):
            return _("the caller goes to {number}").format(number=number)
        case WantsAgent():
            return _("the caller goes to an agent")
        case NeedsHelp(number):
            return _("an emergency: {number} and an agent").format(number=number)
        case _:
            assert_never(choice)


def _site() -> SiteFolder:
    folder = os.environ.get(VARIABLE)
    return site_folder(Path(folder) if folder else None)


def _text_weights() -> Path | None:
    """Return the folder in which the site's hotline keeps weights; None if this user may not use it."""
    folder = _site().home.text_weights
    return folder if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else None


def _candidate(numbers: Path | None) -> RegistryCandidate:
    try:
        return read(numbers or _site().numbers)
    except RegistryError as error:
        fail(*map(str, error.problems))


def _check_menu(registry: Registry, name: str) -> None:
    if name not in registry.menus:
        names = ", ".join(registry.menus)
        fail(_("there is no menu {name}; there are: {known}").format(name=name, known=names))


def _found_recognizer() -> model_search.FoundRecognizer:
    choice = model_search.choose()
    for reason in choice.reasons:
        click.echo(reason, err=True)
    if choice.found is None:
        fail(_("callers can only press keys; run: ivr speech install"))
    return choice.found


def _recognizer() -> Recognizer:
    try:
        return model_search.load(_found_recognizer())
    except model_search.ModelUnusable as problem:
        fail(_("{problem}; callers can only press keys").format(problem=problem))


def _telephone(file: Path) -> bytes:
    import numpy as np  # noqa: PLC0415  of the extra `speech`, as the next import

    from ivr.speech.sound import telephone  # noqa: PLC0415

    with wave.open(str(file)) as recording:
        if recording.getsampwidth() != 2:
            raise wave.Error(_("its samples do not have 16 bits"))
        samples = np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2")
        return telephone(samples[:: recording.getnchannels()], recording.getframerate())
