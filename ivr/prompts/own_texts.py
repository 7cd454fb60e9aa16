"""The words of a site's own recordings: ``recordings/prompts.yaml`` in the site folder.

`ivr prompts import` writes this file.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ivr.prompts.manifest import YAML_LOADER, ManifestError
from ivr.texts import _

FILE = "prompts.yaml"
_HEAD = """\
# What this site's own recordings say, prompt by prompt; `ivr prompts import FILE ID --text "…"` writes it.
#   text    the words, as they are spoken
#   sha256  of the 8 kHz file whose words these are; of another file nothing is known
# 本站自录提示音的文字，由 ivr prompts import 写入。
"""


@dataclass(frozen=True, slots=True)
class OwnText:
    """The words of one own recording of the site."""

    text: str
    sha256: str  # of its 8 kHz file; "" if the admin wrote the text by hand: the text then counts for any file

    def is_of(self, narrowband: Path) -> bool:
        """Tell whether these are the words of the file at ``narrowband``."""
        return not self.sha256 or hashlib.sha256(narrowband.read_bytes()).hexdigest() == self.sha256


def load(recordings: Path) -> dict[str, OwnText]:
    """Return the texts by prompt id; empty if there is no such file.

    Raises:
        ManifestError: the file has another form; the message has the correction.
    """
    path = recordings / FILE
    try:
        content: Any = yaml.load(path.read_bytes(), YAML_LOADER)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ManifestError(_("{path}: cannot be read: {reason}").format(path=path, reason=error.strerror)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifestError(_("{path}: is not YAML: {reason}").format(path=path, reason=error)) from error
    entries = content.get("prompts") if isinstance(content, dict) else None
    if content is None or (isinstance(content, dict) and entries is None):
        return {}
    if not isinstance(entries, dict):
        raise ManifestError(_("{path}: has no 'prompts'").format(path=path))
    return {str(key): _own_text(path, str(key), entry) for key, entry in entries.items()}


def save(recordings: Path, texts: dict[str, OwnText]) -> None:
    """Write the texts, sorted by prompt id; readable to all, as the recordings are."""
    content = {
        "prompts": {
            key: {"text": text_of_prompt.text, **({"sha256": text_of_prompt.sha256} if text_of_prompt.sha256 else {})}
            for key, text_of_prompt in sorted(texts.items())
        }
    }
    path = recordings / FILE
    new_file = path.with_suffix(".new")
    new_file.write_text(_HEAD + yaml.safe_dump(content, allow_unicode=True, width=200), encoding="utf-8")
    new_file.chmod(0o644)
    new_file.replace(path)


def _own_text(path: Path, prompt: str, entry: object) -> OwnText:
    match entry:
        case {"text": str(text), **rest} if (
            text and set(rest) <= {"sha256"} and isinstance(rest.get("sha256", ""), str)
        ):
            return OwnText(text, str(rest.get("sha256", "")))
    message = _('{path}: {id}: write text: "…", the words of the recording')
    raise ManifestError(message.format(path=path, id=prompt))
