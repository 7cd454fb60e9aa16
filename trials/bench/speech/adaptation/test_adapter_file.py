"""Adapters are kept with what was left out, and make a whole model of the model that they were trained on."""

from pathlib import Path

import numpy as np
import pytest

from trials.bench.speech.adaptation import adapter_file, tiny_model
from trials.bench.speech.adaptation.adapter_file import Recipe, TrainedAdapters
from trials.bench.speech.adaptation.model_file import Adapter, variables
from trials.bench.speech.adaptation.step_impossible import StepImpossible

NAME = "decoder/layer_0/attention/linear_0/weight"
ONES = Adapter(np.ones((1, tiny_model.WIDTH), np.float16), np.ones((tiny_model.WIDTH, 1), np.float16))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_model.write(tmp_path / "tiny")


def trained(model: Path) -> TrainedAdapters:
    recipe = Recipe("1/3", ("lan", "yan"), rank=1, epochs=1, rate=1e-3)
    return TrainedAdapters({NAME: ONES}, recipe, frozenset({"lan/社保", "yan/路灯坏了"}), adapter_file.digest(model))


def test_adapters_are_read_as_they_were_written(tmp_path: Path, model: Path) -> None:
    written = trained(model)
    adapter_file.write(tmp_path / "a.npz", written)
    found = adapter_file.read(tmp_path / "a.npz")
    assert (found.recipe, found.held_out, found.model) == (written.recipe, written.held_out, written.model)
    np.testing.assert_array_equal(found.adapters[NAME].down, ONES.down)
    np.testing.assert_array_equal(found.adapters[NAME].up, ONES.up)


def test_a_merged_model_has_all_files_of_the_model_and_changed_weights(tmp_path: Path, model: Path) -> None:
    adapter_file.merge(trained(model), model, tmp_path / "merged" / "tiny")
    merged = tmp_path / "merged" / "tiny"
    assert {file.name for file in merged.iterdir()} == {file.name for file in model.iterdir()}
    before, after = (variables((folder / "model.bin").read_bytes(), NAME) for folder in (model, merged))
    np.testing.assert_allclose(after[NAME], before[NAME] + 1, rtol=1e-3)


def test_adapters_are_not_merged_into_another_model(tmp_path: Path, model: Path) -> None:
    adapters = trained(model)
    retrained = tiny_model.variables() | {"encoder/conv1/bias": np.zeros(tiny_model.WIDTH, np.float32)}
    (model / "model.bin").write_bytes(tiny_model.model_file(retrained))
    with pytest.raises(StepImpossible, match="trained on another model"):
        adapter_file.merge(adapters, model, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_no_model_is_overwritten(tmp_path: Path, model: Path) -> None:
    with pytest.raises(FileExistsError, match="name a folder that does not"):
        adapter_file.merge(trained(model), model, model)


def test_another_file_is_no_file_of_adapters(tmp_path: Path) -> None:
    text, arrays = tmp_path / "text", tmp_path / "arrays.npz"
    text.write_text("no adapters", encoding="utf-8")
    np.savez(arrays, sound=np.zeros(3))
    for file in (text, arrays):
        with pytest.raises(StepImpossible, match="has no adapters: give a file that the step train wrote"):
            adapter_file.read(file)
