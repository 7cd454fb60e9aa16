"""``ivr prompts``: check the recordings, import a recording, render texts that changed."""

from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ivr.cli.home import fail, registry_file, site_option
from ivr.lazy import loaded
from ivr.prompts import check as checking
from ivr.prompts import manifest as manifests
from ivr.prompts import prompt_rendering as rendering
from ivr.runtime.site_folder import SiteFolder
from ivr.shipped import RECORDINGS
from ivr.texts import _

_recordings_option = click.option(
    "--recordings",
    metavar="DIR",
    default=RECORDINGS,
    show_default=False,
    type=click.Path(path_type=Path, file_okay=False),
    help=_("The folder with prompts.yaml; the hotline's own without it."),
)


@click.group()
def prompts() -> None:
    """Check, import and render the prompts."""


@prompts.command("check", short_help=_("find recordings that are missing, damaged or out of date"))
@_recordings_option
def check(recordings: Path) -> None:
    """Find every recording that is missing, silent, clipped, in a wrong format, or says another text.

    The exit code is 1 if there is a fault. A person's recording in place of a rendered one is a note, and no fault.
    """
    try:
        manifest = manifests.load(recordings)
        findings = checking.check(manifest)
    except manifests.ManifestError as error:
        fail(str(error))
    for finding in findings:
        click.echo(str(finding) if finding.fault else _("{finding} (a note)").format(finding=finding), err=True)
    faults = sum(finding.fault for finding in findings)
    if faults:
        fail(_("faults: {faults}; sounds: {count}").format(faults=faults, count=len(manifest.sounds)))
    click.echo(_("{count} sounds have no fault").format(count=len(manifest.sounds)))


@prompts.command("render", short_help=_("make the recordings whose text changed"))
@click.argument("ids", metavar="[ID]...", nargs=-1)
@_recordings_option
def render(ids: tuple[str, ...], recordings: Path) -> None:
    """Make the recordings that are missing or whose text changed; or the recordings that are named, in any case.

    A person's recording stays, unless it is named here and not marked 'source: human' in prompts.yaml.
    """
    try:
        manifest = manifests.load(recordings)
        todo = rendering.chosen(manifest, ids) if ids else rendering.outdated(manifest)
        if not todo:
            click.echo(_("nothing to render: no text changed"))
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=len(todo))
            for sound in rendering.render(manifest, todo):
                bar.update(task, advance=1, description=sound)
    except manifests.ManifestError as error:
        fail(str(error))
    except rendering.ExtraMissingError as error:
        message = _("rendering needs the package '{package}': pip install -e '.[prompts]'")
        fail(message.format(package=error))
    click.echo(_("rendered: {ids}").format(ids=", ".join(todo)))


@prompts.command("import", short_help=_("take a sound file into the site as a prompt"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("prompt", metavar="[ID]", required=False)
@click.option("--text", metavar="WORDS", help=_("The words of the recording; a menu's keys are compared with them."))
@site_option
def import_(file: Path, prompt: str | None, text: str | None, site: SiteFolder) -> None:
    """Convert FILE, a sound file of any kind, and put it into the site's recordings as the prompt ID.

    ID is the name of a prompt, such as menu-main, or hold, the music on hold; the name of FILE without its ending if it
    is not given. The sound is made as loud as the other prompts, and silence at its ends is cut. Callers hear it after
    'ivr reload'.
    """
    try:
        prompt_import = loaded("ivr.cli.prompt_import")
    except ImportError as error:
        fail(_("this needs the package '{package}': pip install -e '.[audio]'").format(package=error.name))
    prompt_import.put_into_site(file, prompt or file.stem, text, replace(site, numbers=registry_file(site)))
