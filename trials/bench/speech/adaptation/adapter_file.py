"""Trained adapters in a file, and the model of which they make another one."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from trials.bench.speech.adaptation.model_file import Adapter, merged
from trials.bench.speech.adaptation.step_impossible import StepImpossible

_MODEL = "model.bin"
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.json")
_NO_ADAPTERS = "{file} has no adapters: give a file that the step train wrote"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How adapters were trained."""

    without_topics: str  # the fold that was left out, such as "1/3"; "" if none was
    without_voices: tuple[str, ...]
    rank: int
    epochs: int
    rate: float  # of learning, at most


@dataclass(frozen=True, slots=True, eq=False)
class TrainedAdapters:
    """Adapters, and on what they may be judged."""

    adapters: Mapping[str, Adapter]  # by the name of the matrix; numbers of 16 bits
    recipe: Recipe
    held_out: frozenset[str]  # the names of the takes that they may be judged on
    model: str  # SHA-256 of the model.bin that they were trained on


def digest(model_folder: Path) -> str:
    """Return the SHA-256 of a model's weights."""
    with (model_folder / _MODEL).open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write(file: Path, trained: TrainedAdapters) -> None:
    """Write adapters."""
    file.parent.mkdir(parents=True, exist_ok=True)
    about = {"recipe": asdict(trained.recipe), "held out": sorted(trained.held_out), "model": trained.model}
    arrays = {f"{name} {part}": matrix for name, each in trained.adapters.items() for part, matrix in _parts(each)}
    with file.open("wb") as output:
        np.savez(output, allow_pickle=False, about=np.array(json.dumps(about, ensure_ascii=False)), **arrays)


def read(file: Path) -> TrainedAdapters:
    """Read adapters.

    Raises:
        StepImpossible: it is no file of adapters.
    """
    if not zipfile.is_zipfile(file):
        raise StepImpossible(_NO_ADAPTERS.format(file=file))
    with np.load(file, allow_pickle=False) as arrays:
        if "about" not in arrays:
            raise StepImpossible(_NO_ADAPTERS.format(file=file))
        about = json.loads(str(arrays["about"]))
        names = [key.removesuffix(" down") for key in arrays if key.endswith(" down")]
        adapters = {name: Adapter(arrays[f"{name} down"], arrays[f"{name} up"]) for name in names}
    recipe = about["recipe"] | {"without_voices": tuple(about["recipe"]["without_voices"])}
    return TrainedAdapters(adapters, Recipe(**recipe), frozenset(about["held out"]), about["model"])


def merge(trained: TrainedAdapters, model_folder: Path, output_folder: Path) -> None:
    """Write the model that adapters make of another, in ctranslate2's format; the recogniser loads it as any other.

    Raises:
        StepImpossible: the adapters were trained on another model.
        FileExistsError: there is such a folder already.
    """
    if digest(model_folder) != trained.model:
        raise StepImpossible(f"the adapters were trained on another model than the one in {model_folder}")
    if output_folder.exists():
        raise FileExistsError(f"{output_folder} exists already: name a folder that does not")
    output_folder.mkdir(parents=True)
    content = (model_folder / _MODEL).read_bytes()
    (output_folder / _MODEL).write_bytes(merged(content, trained.adapters))
    for name in _BESIDE:
        shutil.copyfile(model_folder / name, output_folder / name)


def _parts(adapter: Adapter) -> tuple[tuple[str, np.ndarray], ...]:
    return ("down", np.asarray(adapter.down, np.float16)), ("up", np.asarray(adapter.up, np.float16))
