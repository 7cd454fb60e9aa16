"""Only sounds of the tuning set are captured and learnt from, as the recogniser gets them."""

from pathlib import Path

import numpy as np
import pytest

from trials.bench.speech.adaptation import captured_sounds
from trials.bench.speech.adaptation.captured_sounds import CapturedSound
from trials.bench.speech.adaptation.step_impossible import StepImpossible
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import OPEN, PROOF, TUNING
from trials.bench.speech.telephone.conditions import CLEAN, TEN

TAKES = recordings.recorded(TUNING)[:3]
SOUNDS = [
    CapturedSound(TAKES[0], CLEAN, np.array([1, -2, 32767], np.int16), is_whole=True),
    CapturedSound(TAKES[1], CLEAN, None, is_whole=False),
    CapturedSound(TAKES[2], CLEAN, np.array([4, 5], np.int16), is_whole=False),
]


def change(file: Path, **changed: object) -> None:
    """Write a file of captured sounds again, with some of its arrays changed."""
    with np.load(file) as arrays:
        kept = dict(arrays)
    np.savez(file, allow_pickle=False, **(kept | {name: np.array(value) for name, value in changed.items()}))


def test_sounds_are_read_as_they_were_written(tmp_path: Path) -> None:
    captured_sounds.write(tmp_path / "new", CLEAN, SOUNDS)
    found = captured_sounds.read(tmp_path / "new")
    assert [(each.take, each.condition, each.is_whole) for each in found] == [
        (each.take, each.condition, each.is_whole) for each in SOUNDS
    ]
    assert [None if each.sound is None else each.sound.tolist() for each in found] == [[1, -2, 32767], None, [4, 5]]


@pytest.mark.parametrize("set_name", [PROOF, OPEN])
def test_sounds_of_another_set_are_refused(tmp_path: Path, set_name: str) -> None:
    captured_sounds.write(tmp_path, CLEAN, SOUNDS)
    captured_sounds.write(tmp_path, TEN[0], [])
    change(tmp_path / f"{CLEAN.name}.npz", set=set_name)
    with pytest.raises(StepImpossible, match=f"sounds of the set {set_name}: only the tuning set may be learnt from"):
        captured_sounds.read(tmp_path)


def test_a_take_that_has_left_the_tuning_set_is_refused(tmp_path: Path) -> None:
    captured_sounds.write(tmp_path, CLEAN, SOUNDS)
    change(tmp_path / f"{CLEAN.name}.npz", takes=[TAKES[0].name, "lan/谁也没说过的话", TAKES[2].name])
    with pytest.raises(StepImpossible, match="no longer has the take lan/谁也没说过的话: run the step capture again"):
        captured_sounds.read(tmp_path)


def test_a_folder_without_captured_sounds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepImpossible, match="no captured sounds: run the step capture first"):
        captured_sounds.read(tmp_path)
