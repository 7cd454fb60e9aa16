"""The ledger of rendering: the text of each rendered file, in ``recordings/rendered.yaml``."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from ivr.prompts.manifest import YAML_LOADER, Manifest, ManifestError, Prompt, wideband
from ivr.texts import _

_HEAD = "# Written by `ivr prompts render`: the SHA-256 of what each prompt was rendered from, and of its two files.\n"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The input and output of one rendering, as SHA-256 digests."""

    text: str
    narrow: str
    wide: str


def digest_of_text(manifest: Manifest, prompt: Prompt) -> str:
    """Return the digest of the input of a rendering: id, words, voice and pace."""
    parts = (prompt.id, prompt.text, prompt.say, manifest.voice, str(prompt.pace))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def digests_of_files(narrowband: Path) -> tuple[str, str]:
    """Return the digests of a sound's 8 kHz and 16 kHz file; "" for a missing file."""
    pair = (narrowband, wideband(narrowband))
    narrow, wide = (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in pair)
    return narrow, wide


def load(recordings: Path) -> dict[str, Rendered]:
    """Return the ledger by prompt id; empty if nothing was rendered yet.

    Raises:
        ManifestError: the file is not a file that `save` wrote.
    """
    path = recordings / "rendered.yaml"
    if not path.exists():
        return {}
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), YAML_LOADER)
        return {key: Rendered(**entry) for key, entry in content.items()}
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        message = _("{path}: is damaged: take it from the last commit").format(path=path)
        raise ManifestError(message) from error


def save(recordings: Path, ledger: dict[str, Rendered]) -> None:
    """Write the ledger, sorted by id."""
    content = {key: asdict(ledger[key]) for key in sorted(ledger)}
    path = recordings / "rendered.yaml"
    path.write_text(_HEAD + yaml.safe_dump(content, width=200), encoding="utf-8")
    path.chmod(0o644)
