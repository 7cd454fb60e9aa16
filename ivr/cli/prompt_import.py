"""``ivr prompts import``: a sound file becomes a prompt of the site."""

import hashlib
import re
from pathlib import Path

import click

from ivr.cli.home import fail
from ivr.prompts import convert, manifest, own_texts
from ivr.prompts.convert import Converted, NotSound
from ivr.prompts.manifest import MUSIC, Manifest, ManifestError
from ivr.prompts.reading import is_fragment
from ivr.registry.quoting import shown, with_nearest
from ivr.runtime.site_folder import SiteFolder
from ivr.shipped import RECORDINGS
from ivr.texts import _

_ID = re.compile(r"[a-z0-9-]+(/[a-z0-9*-]+)*")
_MARGIN, _FRAGMENT_MARGIN = 0.1, 0.03  # seconds of silence at the ends, less where another prompt continues at once


def put_into_site(file: Path, prompt: str, text: str | None, site: SiteFolder) -> None:
    """Convert a sound file and keep its words; an error ends the command with exit 1."""
    if not _ID.fullmatch(prompt):
        fail(_("{prompt} is no prompt's name; write it as in menu-main or phone/1").format(prompt=shown(prompt)))
    try:
        shipped = manifest.load(RECORDINGS)
        known = own_texts.load(site.recordings)
        narrowband = site.recordings / manifest.narrowband(shipped, prompt)
        _make_folders(narrowband.parent, site.recordings)
        done = _convert(file, narrowband, prompt, text, shipped)
        if text:
            digest = hashlib.sha256(narrowband.read_bytes()).hexdigest()
            own_texts.save(site.recordings, {**known, prompt: own_texts.OwnText(text, digest)})
    except (ManifestError, NotSound) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    if prompt not in shipped.sounds:
        message = _("no prompt of the program is named {prompt}: callers hear it if a menu in {numbers} names it")
        message = message.format(prompt=shown(prompt), numbers=site.numbers)
        click.echo(with_nearest(message, prompt, shipped.sounds), err=True)
    message = _("{path}: {seconds:.1f} s, {gain:+.1f} dB; callers hear it after 'ivr reload'")
    click.echo(message.format(path=narrowband, seconds=done.seconds, gain=done.gain))


def _make_folders(folder: Path, recordings: Path) -> None:
    """Make the folder of a prompt, for everybody to read: the hotline may run as another user than the admin."""
    for made in (*reversed(folder.parents), folder):
        if made.is_relative_to(recordings) and not made.is_dir():
            made.mkdir(parents=True)
            made.chmod(0o755)


def _convert(file: Path, narrowband: Path, prompt: str, text: str | None, shipped: Manifest) -> Converted:
    if prompt == MUSIC:
        return convert.convert(file, narrowband, convert.MUSIC_LEVEL, None)
    words = text or (shipped.prompts[prompt].text if prompt in shipped.prompts else "。")
    margin = _FRAGMENT_MARGIN if is_fragment(words) else _MARGIN
    return convert.convert(file, narrowband, convert.SPEECH_LEVEL, margin)
