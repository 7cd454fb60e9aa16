"""What a Whisper model expects of silence, kept beside it: seconds to find out, and the same at each start."""

import hashlib
import json
import logging
import math
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from ivr.runtime.cache import locked
from ivr.texts import _

_HEAD = 1 << 20  # bytes of a model that tell it from others

log = logging.getLogger(__name__)


class Kept:
    """A file beside a model, ``expected.json``, and what it was worked out with."""

    def __init__(self, model: Path, *worked_out_with: bytes) -> None:
        """``model`` is its file. What was kept holds only with the same model, ctranslate2, and ``worked_out_with``."""
        self._file = model.with_name("expected.json")
        digest = hashlib.sha256(version("ctranslate2").encode())
        with model.open("rb") as content:
            digest.update(content.read(_HEAD))
        for part in (str(model.stat().st_size).encode(), *worked_out_with):
            digest.update(part)
        self._with = digest.hexdigest()

    def read(self) -> dict[str, float]:
        """Return what is kept, the logarithm of a likelihood for each phrase; nothing where nothing is that holds."""
        try:
            kept = json.loads(self._file.read_bytes())
            expected = {str(phrase): float(value) for phrase, value in kept["expected"].items()}
            if not all(map(math.isfinite, expected.values())):
                raise ValueError("not finite")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
            text = _("%s cannot be used (%r): the first callers are heard more slowly; ivr setup makes it anew")
            log.warning(text, self._file, error)
            return {}
        return expected if kept.get("with") == self._with else {}

    def write(self, expected: Mapping[str, float]) -> None:
        """Keep this in place of what was kept.

        Raises:
            OSError: the folder cannot be written to.
        """
        new = self._file.with_suffix(".new")
        with locked():
            new.write_text(json.dumps({"with": self._with, "expected": dict(expected)}, ensure_ascii=False))
            new.replace(self._file)
