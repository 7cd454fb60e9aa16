"""A site's own recordings: a sound file becomes a prompt, and a prompt gets its shipped recording again."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ivr.prompts import convert, manifest, own_texts
from ivr.prompts.convert import Converted
from ivr.prompts.manifest import MUSIC, Manifest
from ivr.prompts.reading import is_fragment
from ivr.shipped import RECORDINGS

_MARGIN, _FRAGMENT_MARGIN = 0.1, 0.03  # seconds of silence at the ends; less if another prompt continues at once


@dataclass(frozen=True, slots=True)
class ImportedRecording:
    """A recording that was imported."""

    path: Path  # of its 8 kHz file
    seconds: float
    gain: float  # dB that were added
    is_known: bool  # the program plays a prompt of that name


def import_recording(file: Path, prompt: str, text: str | None, recordings: Path) -> ImportedRecording:
    """Convert a sound file into a prompt in a site's folder of recordings, and keep its words if they are given.

    Args:
        file: any sound file that FFmpeg reads.
        prompt: a name that `ivr.prompts.prompt_names.is_prompt_name` takes.
        text: the words; None keeps none.
        recordings: the folder; it is made if it is missing.

    Raises:
        ManifestError: a file with texts is damaged.
        NotSound: the file holds no sound that could be a prompt.
        OSError: a file cannot be written.
    """
    shipped = manifest.load(RECORDINGS)
    texts = own_texts.load(recordings)
    narrowband = recordings / manifest.narrowband(shipped, prompt)
    _make_folders(narrowband.parent, recordings)
    converted = _convert(file, narrowband, prompt, text, shipped)
    if text:
        digest = hashlib.sha256(narrowband.read_bytes()).hexdigest()
        own_texts.save(recordings, {**texts, prompt: own_texts.OwnText(text, digest)})
    return ImportedRecording(narrowband, converted.seconds, converted.gain, prompt in shipped.sounds)


def _make_folders(folder: Path, recordings: Path) -> None:
    """Make the folder of a prompt, readable by all users, because the hotline may run as another user."""
    for below in (*reversed(folder.parents), folder):
        if below.is_relative_to(recordings) and not below.is_dir():
            below.mkdir(parents=True)
            below.chmod(0o755)


def _convert(file: Path, narrowband: Path, prompt: str, text: str | None, shipped: Manifest) -> Converted:
    if prompt == MUSIC:
        return convert.convert(file, narrowband, convert.MUSIC_LEVEL, None)
    words = text or (shipped.prompts[prompt].text if prompt in shipped.prompts else "。")
    margin = _FRAGMENT_MARGIN if is_fragment(words) else _MARGIN
    return convert.convert(file, narrowband, convert.SPEECH_LEVEL, margin)
