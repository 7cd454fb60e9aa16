"""The manifest of prompts: ``recordings/prompts.yaml`` as values."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from ivr.shipped import RECORDINGS
from ivr.texts import _

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast if PyYAML was built with libyaml
TONES = ("beep", "beeperr")  # tones made of sine waves; Asterisk plays them under these names
MUSIC = "hold"  # the music on hold; not in the language's folder

_KEYS = {"text", "say", "used", "source", "pace"}


class ManifestError(Exception):
    """The manifest cannot be used; the message names the fault."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: its text, and the party that hears it."""

    id: str  # path of the audio below the language's folder, without its ending: "phone/1"
    text: str
    say: str  # the spelling for the voice; the text unless the manifest gives another spelling
    used: str
    human: bool  # a person recorded it
    pace: float  # 1.0 is the voice's own pace; less is slower


@dataclass(frozen=True, slots=True)
class Manifest:
    """All prompts, and the voice that reads them."""

    recordings: Path
    voice: str
    pace: float  # of prompts without a pace of their own
    language: str  # Asterisk's language code, and the folder's name
    prompts: dict[str, Prompt]

    @property
    def voice_file(self) -> Path:
        """Return the file that describes the voice."""
        return self.recordings / "voice" / f"{self.voice}.bin"

    @property
    def sounds(self) -> dict[str, Path]:
        """Return every sound's narrowband file by id: the prompts, the tones and the music."""
        return {sound: self.recordings / narrowband(self, sound) for sound in (*self.prompts, *TONES, MUSIC)}


def narrowband(manifest: Manifest, sound: str) -> Path:
    """Return the path of a sound's 8 kHz file below a folder of recordings, also of a sound that no manifest has."""
    return Path("music" if sound == MUSIC else manifest.language) / f"{sound}.wav"


def wideband(narrowband: Path) -> Path:
    """Return the path of a sound's 16 kHz copy, in Asterisk's format ``wav16``."""
    return narrowband.with_suffix(".wav16")


def load(recordings: Path = RECORDINGS) -> Manifest:
    """Read the manifest of a recordings folder.

    Raises:
        ManifestError: the manifest is missing, is not YAML, or has a wrong entry.
    """
    path = recordings / "prompts.yaml"
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), YAML_LOADER)
    except OSError as error:
        raise ManifestError(_("{path}: cannot be read: {reason}").format(path=path, reason=error.strerror)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifestError(_("{path}: is not YAML: {reason}").format(path=path, reason=error)) from error
    if not isinstance(content, dict) or not isinstance(content.get("prompts"), dict):
        raise ManifestError(_("{path}: has no 'prompts'").format(path=path))
    for key in ("voice", "language"):
        if not isinstance(content.get(key), str):
            raise ManifestError(_("{path}: has no '{key}'").format(path=path, key=key))
    if not isinstance(content.get("pace"), int | float):
        raise ManifestError(_("{path}: has no '{key}'").format(path=path, key="pace"))
    pace = float(content["pace"])
    prompts = {str(key): _prompt(path, str(key), entry, pace) for key, entry in content["prompts"].items()}
    return Manifest(recordings, content["voice"], pace, content["language"], prompts)


def _prompt(path: Path, prompt_id: str, entry: object, pace: float) -> Prompt:
    if isinstance(entry, dict) and isinstance(entry.get("pace"), int | float):
        pace = float(entry["pace"])
        entry = {key: value for key, value in entry.items() if key != "pace"}
    if not isinstance(entry, dict) or not all(value and isinstance(value, str) for value in entry.values()):
        raise ManifestError(_("{path}: {id}: every value must be text, in quotes").format(path=path, id=prompt_id))
    for key in entry.keys() - _KEYS:
        raise ManifestError(_("{path}: {id}: '{key}' is not a key").format(path=path, id=prompt_id, key=key))
    if "text" not in entry:
        raise ManifestError(_("{path}: {id}: has no text").format(path=path, id=prompt_id))
    if entry.get("source", "rendered") not in ("human", "rendered"):
        raise ManifestError(_("{path}: {id}: source is 'human' or 'rendered'").format(path=path, id=prompt_id))
    text: str = entry["text"]
    return Prompt(prompt_id, text, entry.get("say", text), entry.get("used", ""), entry.get("source") == "human", pace)
