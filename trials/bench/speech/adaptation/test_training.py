"""The decoder with adapters is the decoder into which they are merged, and training makes what was said likelier."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("jax", reason="no JAX: pip install -c constraints.txt -e '.[adaptation]'")

import jax
import jax.numpy as jnp

from trials.bench.speech.adaptation import tiny_model
from trials.bench.speech.adaptation.adapter_file import Recipe
from trials.bench.speech.adaptation.decoder import Adapters, Array, Weights, decoder, last_states, logits, new_adapters
from trials.bench.speech.adaptation.model_file import Adapter, merged, variables
from trials.bench.speech.adaptation.training import Epoch, mean_loss, train
from trials.bench.speech.adaptation.training_example import TrainingExample

CONTENT = tiny_model.model_file(tiny_model.variables())
Numbers = NDArray[Any]
WEIGHTS, SIZE = decoder(variables(CONTENT, "decoder/"))
RANDOM = np.random.default_rng(3)
HEARD = RANDOM.normal(0, 1, (2, 6, tiny_model.WIDTH)).astype(np.float16)
TOKENS: Numbers = np.array([[1, 5, 7, 3, 2], [1, 9, 4, 4, 8]])
PROMPTS = [1, 2], [3, 2]
EXAMPLES = [TrainingExample(heard, tuple(text)) for heard, text in zip(HEARD, ([5, 7, 3, 0], [9, 4, 0]), strict=True)]


@jax.jit
def logits_of(weights: Weights, adapters: Adapters, tokens: Array) -> Array:
    return logits(weights, last_states(weights, SIZE, adapters, jnp.asarray(HEARD), tokens))


def likelihoods(adapters: Adapters, tokens: Numbers = TOKENS, content: bytes = CONTENT) -> Numbers:
    """Return the logits of each next token, shape (sounds, tokens, tokens of the vocabulary)."""
    weights, _size = decoder(variables(content, "decoder/"))
    return np.asarray(logits_of(weights, adapters, jnp.asarray(tokens)))


def epochs(examples: Sequence[TrainingExample] = EXAMPLES, count: int = 1) -> list[Epoch]:
    recipe = Recipe("", (), rank=2, epochs=count, rate=0.05)
    return list(train(WEIGHTS, SIZE, examples, PROMPTS, recipe, lambda _step, _steps: None))


def test_the_size_is_that_of_the_file() -> None:
    assert (SIZE.layers, SIZE.heads) == (tiny_model.LAYERS, tiny_model.HEADS)


def test_new_adapters_change_nothing() -> None:
    adapters = new_adapters(WEIGHTS, SIZE, rank=2, seed=1)
    assert len(adapters) == 7 * tiny_model.LAYERS
    np.testing.assert_array_equal(likelihoods(adapters), likelihoods({}))


def test_adapters_beside_the_matrices_read_as_if_they_were_merged_into_the_file() -> None:
    adapters = {
        name: Adapter(each.down.astype(jnp.float16), jnp.full(each.up.shape, 0.25, jnp.float16))
        for name, each in new_adapters(WEIGHTS, SIZE, rank=2, seed=1).items()
    }
    beside = likelihoods(adapters)
    as_arrays = {name: Adapter(np.asarray(each.down), np.asarray(each.up)) for name, each in adapters.items()}
    np.testing.assert_allclose(likelihoods({}, content=merged(CONTENT, as_arrays)), beside, atol=0.02)
    assert np.abs(likelihoods({}) - beside).max() > 0.2


def test_a_token_knows_nothing_of_those_behind_it() -> None:
    other = TOKENS.copy()
    other[:, 3:] = 11
    before, after = likelihoods({}), likelihoods({}, other)
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-5)
    assert np.abs(after[:, 3:] - before[:, 3:]).max() > 0.1


def test_training_makes_what_was_said_likelier_the_same_each_time() -> None:
    before = mean_loss(WEIGHTS, SIZE, {}, EXAMPLES, PROMPTS[0])
    first, second = (epochs(count=30)[-1].adapters for _ in range(2))
    assert mean_loss(WEIGHTS, SIZE, first, EXAMPLES, PROMPTS[0]) < 0.5 * before
    assert all(np.array_equal(first[name].up, second[name].up) for name in first)


def test_the_loss_is_of_each_token_of_the_texts_alone() -> None:
    """Not of prompts, nor of what fills texts up to one length."""
    likely = jax.nn.log_softmax(jnp.asarray(likelihoods({}, np.array([[1, 2, 5, 7, 3], [1, 2, 9, 4, 0]]))))
    expected = [
        -likely[sound, 1 + at, token] for sound, each in enumerate(EXAMPLES) for at, token in enumerate(each.tokens)
    ]
    assert mean_loss(WEIGHTS, SIZE, {}, EXAMPLES, PROMPTS[0]) == pytest.approx(np.mean(expected), rel=1e-4)


def test_a_text_that_the_recogniser_could_not_write_is_refused() -> None:
    with pytest.raises(ValueError, match="a text has 43 tokens; the recogniser reads at most 42"):
        epochs([TrainingExample(HEARD[0], (1,) * 43)])
