"""Rendering: finds the sounds that must be made again, and makes them, with the ``[prompts]`` extra."""

from collections.abc import Iterable, Iterator

from ivr.prompts import ledger
from ivr.prompts.manifest import MUSIC, Manifest, ManifestError, Prompt, wideband
from ivr.prompts.reading import is_fragment
from ivr.texts import _

_MARGIN = 0.1  # seconds of silence at both ends
_FRAGMENT_MARGIN = 0.03  # seconds of silence where another prompt continues


class ExtraMissingError(Exception):
    """The packages of the ``[prompts]`` extra are not installed."""


def silence_around(text: str) -> float:
    """Return the seconds of silence at both ends of a prompt."""
    return _FRAGMENT_MARGIN if is_fragment(text) else _MARGIN


def outdated(manifest: Manifest) -> list[str]:
    """Return the ids of the sounds that are missing, or whose text changed since they were rendered.

    A file that a person recorded is never returned, whether the manifest marks it or not.
    """
    entries = ledger.load(manifest.recordings)
    todo = []
    for sound, path in manifest.sounds.items():
        prompt = manifest.prompts.get(sound)
        if prompt is not None and prompt.human:
            continue
        if not path.exists() or not wideband(path).exists():
            todo.append(sound)
        elif prompt is not None and sound in entries:
            untouched = ledger.digests_of_files(path) == (entries[sound].narrow, entries[sound].wide)
            if untouched and entries[sound].text != ledger.digest_of_text(manifest, prompt):
                todo.append(sound)
    return todo


def chosen(manifest: Manifest, ids: Iterable[str]) -> list[str]:
    """Return ``ids`` as the sounds to render, whether they changed or not.

    Raises:
        ManifestError: an id is no sound, or a person recorded it.
    """
    for sound in ids:
        if sound not in manifest.sounds:
            raise ManifestError(_("{id}: no such prompt in prompts.yaml").format(id=sound))
        if sound in manifest.prompts and manifest.prompts[sound].human:
            message = _("{id}: a person recorded it; to render it instead, remove 'source: human' from prompts.yaml")
            raise ManifestError(message.format(id=sound))
    return list(ids)


def render(manifest: Manifest, todo: list[str]) -> Iterator[str]:
    """Make the sounds ``todo`` and write them into the ledger; yield the id of each as it is done.

    Raises:
        ExtraMissingError: the packages for it are not installed.
    """
    try:
        from ivr.prompts import mastering, music, signal_tones  # noqa: PLC0415  numpy is of the extra `prompts`
    except ImportError as error:
        raise ExtraMissingError(error.name) from error
    makers = {
        "beep": (signal_tones.beep, signal_tones.RATE, signal_tones.TONE_LEVEL),
        "beeperr": (signal_tones.beeperr, signal_tones.RATE, signal_tones.TONE_LEVEL),
        MUSIC: (music.compose, music.RATE, music.MUSIC_LEVEL),
    }
    for sound in [sound for sound in todo if sound in makers]:
        make, rate, level = makers[sound]
        mastering.write_pair(manifest.sounds[sound], make(), rate, level)
        yield sound
    spoken_prompts = [manifest.prompts[sound] for sound in todo if sound in manifest.prompts]
    if spoken_prompts:
        yield from _speak(manifest, spoken_prompts)


def _speak(manifest: Manifest, prompts: list[Prompt]) -> Iterator[str]:
    try:
        from ivr.prompts import mastering, voice  # noqa: PLC0415  the voice is of the extra `prompts`
    except ImportError as error:
        raise ExtraMissingError(error.name) from error
    if not manifest.voice_file.is_file():
        raise ManifestError(_("{path}: no such voice; see NOTICE beside it").format(path=manifest.voice_file))
    reader = voice.PromptVoice(manifest.voice_file)
    entries = {key: entry for key, entry in ledger.load(manifest.recordings).items() if key in manifest.prompts}
    for prompt in prompts:
        path = manifest.sounds[prompt.id]
        samples = mastering.trimmed(reader.read(prompt.say, prompt.pace), voice.RATE, silence_around(prompt.text))
        mastering.write_pair(path, samples, voice.RATE, mastering.SPEECH_LEVEL)
        text = ledger.digest_of_text(manifest, prompt)
        entries[prompt.id] = ledger.Rendered(text, *ledger.digests_of_files(path))
        ledger.save(manifest.recordings, entries)
        yield prompt.id
