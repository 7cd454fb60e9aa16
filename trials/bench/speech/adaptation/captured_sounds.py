"""The files of captured sounds: one for each condition, in which each take has the sound that the recogniser reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trials.bench.speech.adaptation.step_impossible import StepImpossible
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import TUNING
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.telephone.conditions import Condition, named


@dataclass(frozen=True, slots=True, eq=False)
class CapturedSound:
    """The sound of one take under one condition."""

    take: Take
    condition: Condition
    sound: NDArray[np.int16] | None  # at 8 kHz; None if nothing was taken for speech
    is_whole: bool  # else it is a part of the take, or noise beside it

    @property
    def samples(self) -> NDArray[np.float32]:
        """Return the sound as a recogniser takes it, between -1 and 1; empty if there is none."""
        sound = np.zeros(0, np.int16) if self.sound is None else self.sound
        return sound.astype(np.float32) / np.float32(32768)


def write(folder: Path, condition: Condition, sounds: Iterable[CapturedSound]) -> None:
    """Write the sounds of takes of the tuning set under one condition."""
    captured = list(sounds)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{condition.name}.npz").open("wb") as output:
        np.savez(
            output,
            allow_pickle=False,
            set=np.array(TUNING),
            condition=np.array(condition.name),
            takes=np.array([each.take.name for each in captured]),
            lengths=np.array([-1 if each.sound is None else len(each.sound) for each in captured]),  # samples
            whole=np.array([each.is_whole for each in captured]),
            sound=np.concatenate([np.zeros(0, np.int16), *(each.sound for each in captured if each.sound is not None)]),
        )


def read(folder: Path) -> list[CapturedSound]:
    """Read all files of a folder.

    Raises:
        StepImpossible: there is none; or one has sounds of another set than the tuning set, from which nothing may be
            learnt; or the tuning set no longer has one of the takes.
    """
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise StepImpossible(f"{folder} has no captured sounds: run the step capture first")
    takes = {take.name: take for take in recordings.recorded(TUNING)}
    return [each for file in files for each in _read(file, takes)]


def _read(file: Path, takes: dict[str, Take]) -> list[CapturedSound]:
    with np.load(file, allow_pickle=False) as arrays:
        set_name = str(arrays["set"]) if "set" in arrays else "unknown"
        if set_name != TUNING:
            raise StepImpossible(f"{file}: sounds of the set {set_name}: only the tuning set may be learnt from")
        names, lengths, whole = arrays["takes"].tolist(), arrays["lengths"].tolist(), arrays["whole"].tolist()
        sound: NDArray[np.int16] = arrays["sound"]
        (condition,) = named([str(arrays["condition"])])
    if lost := [name for name in names if name not in takes]:
        raise StepImpossible(f"{file}: the tuning set no longer has the take {lost[0]}: run the step capture again")
    ends = np.cumsum(np.maximum(lengths, 0)).tolist()
    return [
        CapturedSound(takes[name], condition, None if length < 0 else sound[end - length : end], is_whole)
        for name, length, is_whole, end in zip(names, lengths, whole, ends, strict=True)
    ]
