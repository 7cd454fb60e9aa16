"""The check of all recordings: missing, damaged, or with another text than the manifest."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.prompts import ledger
from ivr.prompts.ledger import Rendered
from ivr.prompts.manifest import Manifest, Prompt, wideband
from ivr.prompts.reading import syllables
from ivr.prompts.sound_file import NotWavError, SoundFile, measure
from ivr.texts import _

_NARROW, _WIDE = 8_000, 16_000  # the only formats of Asterisk's wav and wav16
_SILENT = -45.0  # dB below full scale
_FASTEST, _SLOWEST = 0.12, 0.6  # seconds a syllable; Mandarin is read at about 0.25
_ROUND = 1.0  # seconds of silence at the ends and of pauses


@dataclass(frozen=True, slots=True)
class PromptFinding:
    """A finding about a file."""

    path: Path
    message: str
    fault: bool  # False for a note; the recording can be used

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def check(manifest: Manifest) -> list[PromptFinding]:
    """Return all faults and notes about the recordings, in the manifest's order.

    Raises:
        ManifestError: the ledger ``rendered.yaml`` is damaged.
    """
    ledger_entries = ledger.load(manifest.recordings)
    findings: list[PromptFinding] = []
    for sound, path in manifest.sounds.items():
        prompt = manifest.prompts.get(sound)
        of_audio = [*_audio(path, _NARROW, prompt), *_audio(wideband(path), _WIDE, prompt)]
        findings += of_audio
        if prompt is not None and path.is_file():
            findings += _origin(prompt, path, ledger_entries.get(sound), ledger.digest_of_text(manifest, prompt))
    return findings + list(_strangers(manifest))


def faults_of_file(path: Path) -> list[str]:
    """Return the faults of a sound file for Asterisk or a caller; ``.wav16`` has 16 kHz, every other file 8 kHz."""
    rate = _WIDE if path.suffix == ".wav16" else _NARROW
    return [finding.message for finding in _audio(path, rate, None)]


def _audio(path: Path, rate: int, prompt: Prompt | None) -> Iterator[PromptFinding]:
    def fault(message: str) -> PromptFinding:
        return PromptFinding(path, message, fault=True)

    if not path.is_file():
        yield fault(_("is missing"))
        return
    try:
        sound = measure(path)
    except NotWavError as error:
        yield fault(_("is no PCM WAV file ({reason})").format(reason=error))
        return
    if (sound.rate, sound.channels, sound.bits) != (rate, 1, 16):
        message = _(
            "is {rate} Hz, {channels} channels, {bits} bits; Asterisk plays nothing but {wanted} Hz, mono, 16 bits: "
            "convert it with 'ivr prompts import'"
        )
        yield fault(message.format(rate=sound.rate, channels=sound.channels, bits=sound.bits, wanted=rate))
        return
    if sound.mean < _SILENT:
        yield fault(_("is silent"))
    if sound.clipped:
        yield fault(_("is clipped: record it at a lower level"))
    if prompt is not None:
        yield from _length(path, sound, prompt)


def _length(path: Path, sound: SoundFile, prompt: Prompt) -> Iterator[PromptFinding]:
    count = syllables(prompt.text)
    shortest, longest = count * _FASTEST, math.ceil(count * _SLOWEST + _ROUND)
    if not shortest <= sound.seconds <= longest:
        message = _("lasts {seconds:.1f} s; its {count} syllables should take {shortest:.1f} to {longest:.1f} s")
        text = message.format(seconds=sound.seconds, count=count, shortest=shortest, longest=longest)
        yield PromptFinding(path, text, fault=True)


def _origin(prompt: Prompt, path: Path, rendered: Rendered | None, text: str) -> Iterator[PromptFinding]:
    """Compare the files with the ledger: rendered from this text or from another, or recorded by a person."""
    narrow, wide = ledger.digests_of_files(path)
    same_narrow = rendered is not None and narrow == rendered.narrow
    same_wide = rendered is not None and wide == rendered.wide
    if prompt.human:
        if same_narrow or same_wide:
            stale = path if same_narrow else wideband(path)
            yield PromptFinding(
                stale, _("is still the rendered voice, though prompts.yaml says 'source: human'"), fault=True
            )
    elif rendered is None:
        yield PromptFinding(path, _("was never rendered; taken as recorded by a person"), fault=False)
    elif same_narrow != same_wide:
        message = _("is still the rendered voice, but its other copy was replaced: replace both")
        yield PromptFinding(path if same_narrow else wideband(path), message, fault=True)
    elif rendered.text != text:
        message = _(
            "was rendered from another text: run 'ivr prompts render', or record the new text and "
            "put 'source: human' in prompts.yaml"
        )
        yield PromptFinding(path, message, fault=True)
    elif not same_narrow:
        yield PromptFinding(path, _("was replaced since it was rendered; taken as recorded by a person"), fault=False)


def _strangers(manifest: Manifest) -> Iterator[PromptFinding]:
    expected = {file for path in manifest.sounds.values() for file in (path, wideband(path))}
    for path in sorted((manifest.recordings / manifest.language).rglob("*.wav*")):
        if path not in expected:
            yield PromptFinding(path, _("belongs to no prompt in prompts.yaml"), fault=False)
