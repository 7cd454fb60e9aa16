"""Thresholds are chosen on the tuning set alone: the command that chooses them takes no other readings."""

import json
from pathlib import Path

import pytest

from trials.bench.speech.calibration.readings import readings
from trials.bench.speech.corpus.sets import OPEN, PROOF, TUNING


def reading_file(folder: Path, set_name: str) -> Path:
    """Return a file with one reading of a set."""
    row = {
        "set": set_name, "text": "社保", "kind": "line", "right": ["12333"], "form": "as citizens say it",
        "condition": "clean", "voice": "hong", "heard": {"text": "社保", "score": 0.9},
    }  # fmt: skip
    file = folder / f"{set_name}.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def test_readings_of_the_tuning_set_are_taken(tmp_path: Path) -> None:
    (reading,) = readings([reading_file(tmp_path, TUNING)])
    assert (reading.text, reading.utterance.right) == ("社保", ("12333",))


@pytest.mark.parametrize("set_name", [PROOF, OPEN])
def test_readings_of_another_set_are_refused(tmp_path: Path, set_name: str) -> None:
    files = [reading_file(tmp_path, name) for name in (TUNING, set_name)]
    with pytest.raises(ValueError, match=f"a reading of the set {set_name}: only the tuning set"):
        readings(files)
