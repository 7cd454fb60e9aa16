"""Weights are read from ctranslate2's file, and adapters change their own matrices alone."""

import numpy as np
import pytest

from trials.bench.speech.adaptation import tiny_model
from trials.bench.speech.adaptation.model_file import Adapter, merged, variables
from trials.bench.speech.adaptation.step_impossible import StepImpossible

CONTENT = tiny_model.model_file(tiny_model.variables())
NAME = "decoder/layer_1/ffn/linear_0/weight"  # shape (INNER, WIDTH)
RANDOM = np.random.default_rng(0)
DOWN = RANDOM.normal(0, 1, (3, tiny_model.WIDTH)).astype(np.float16)
UP = RANDOM.normal(0, 1, (tiny_model.INNER, 3)).astype(np.float16)


def test_the_weights_of_a_part_are_read_in_their_shapes() -> None:
    of_decoder = {name: array for name, array in tiny_model.variables().items() if name.startswith("decoder/")}
    found = variables(CONTENT, "decoder/")
    assert found.keys() == of_decoder.keys()
    for name, array in of_decoder.items():
        np.testing.assert_array_equal(found[name], array)


def test_an_adapter_is_added_to_its_matrix_and_nothing_else_changes() -> None:
    before, after = (variables(each, "") for each in (CONTENT, merged(CONTENT, {NAME: Adapter(DOWN, UP)})))
    np.testing.assert_allclose(after[NAME], before[NAME] + UP.astype(float) @ DOWN.astype(float), rtol=1e-3, atol=1e-3)
    assert np.abs(after[NAME] - before[NAME]).max() > 1
    for name in before.keys() - {NAME}:
        np.testing.assert_array_equal(after[name], before[name])


@pytest.mark.parametrize(
    "adapters",
    [{"decoder/layer_2/ffn/linear_0/weight": Adapter(DOWN, UP)}, {NAME: Adapter(DOWN[:, :4], UP)}],
    ids=["of a further layer", "of another width"],
)
def test_adapters_of_another_model_are_refused(adapters: dict[str, Adapter]) -> None:
    with pytest.raises(StepImpossible, match="the adapters are of another model"):
        merged(CONTENT, adapters)


def test_a_file_of_another_version_is_refused() -> None:
    with pytest.raises(StepImpossible, match="has version 5; this program reads version 6"):
        variables(tiny_model.model_file(tiny_model.variables(), version=5), "")
