"""``ivr prompts import``: a sound file becomes a prompt of the site."""

from pathlib import Path

import click

from ivr.cli.home import fail
from ivr.prompts import manifest, own_recordings
from ivr.prompts.convert import NotSound
from ivr.prompts.manifest import ManifestError
from ivr.prompts.prompt_names import is_prompt_name
from ivr.registry.quoting import shown, with_nearest
from ivr.runtime.site_folder import SiteFolder
from ivr.shipped import RECORDINGS
from ivr.texts import _


def put_into_site(file: Path, prompt: str, text: str | None, site: SiteFolder) -> None:
    """Convert a sound file and keep its words; an error ends the command with exit 1."""
    if not is_prompt_name(prompt):
        fail(_("{prompt} is no prompt's name; write it as in menu-main or phone/1").format(prompt=shown(prompt)))
    try:
        imported = own_recordings.import_recording(file, prompt, text, site.recordings)
    except (ManifestError, NotSound) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    if not imported.is_known:
        message = _("no prompt of the program is named {prompt}: callers hear it if a menu in {numbers} names it")
        message = message.format(prompt=shown(prompt), numbers=site.numbers)
        click.echo(with_nearest(message, prompt, manifest.load(RECORDINGS).sounds), err=True)
    message = _("{path}: {seconds:.1f} s, {gain:+.1f} dB; callers hear it after 'ivr reload'")
    click.echo(message.format(path=imported.path, seconds=imported.seconds, gain=imported.gain))
