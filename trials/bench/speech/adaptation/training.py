"""Trains the adapters alone, so that the decoder writes what was said.

Adam: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from trials.bench.speech.adaptation.adapter_file import Recipe
from trials.bench.speech.adaptation.decoder import (
    Adapters,
    Array,
    DecoderSize,
    Weights,
    last_states,
    logits,
    new_adapters,
)
from trials.bench.speech.adaptation.training_example import TrainingExample

_SEED = 1  # of the adapters and of the order
_AT_ONCE = 16  # sounds of a step
_TOKENS = (12, 18, 42)  # lengths to which texts are filled up, because each length is compiled anew
_WARM_UP = 0.05  # share of the steps in which the rate rises
_WITHOUT_SENTENCE = 0.25  # share of the steps without the sentence before: the recogniser compares phrases without it
_FIRST, _SECOND, _LEAST = 0.9, 0.98, 1e-8  # Adam's β1, β2 and ε


@dataclass(frozen=True, slots=True, eq=False)
class Epoch:
    """The adapters after an epoch."""

    adapters: Adapters
    loss: float  # mean over its steps, in nats a token


class _Batch(NamedTuple):
    heard: Array  # shape (_AT_ONCE, places, width)
    tokens: Array  # prompt and text, shape (_AT_ONCE, tokens)
    counts: Array  # 1 for each token of a text, 0 behind it, shape (_AT_ONCE, tokens of the text)


class _Moments(NamedTuple):
    """Adam's moving means of the gradients and of their squares."""

    first: Adapters
    second: Adapters


def train(
    weights: Weights,
    size: DecoderSize,
    examples: Sequence[TrainingExample],
    prompts: tuple[Sequence[int], Sequence[int]],
    recipe: Recipe,
    progress: Callable[[int, int], None],
) -> Iterator[Epoch]:
    """Yield the adapters after each epoch: the same each time on the same machine.

    Args:
        weights: of the decoder.
        size: of the decoder.
        examples: what to learn.
        prompts: the tokens before a text, with the sentence before and without it.
        recipe: the rank, the number of epochs, and the rate of learning, which rises at first, then falls to zero.
        progress: is told after each step how many of how many steps are done.
    """
    random = np.random.default_rng(_SEED)
    adapters = new_adapters(weights, size, recipe.rank, _SEED)
    zeros = jax.tree.map(jnp.zeros_like, adapters)
    moments, step = _Moments(zeros, zeros), 0
    total = recipe.epochs * len(_groups(examples, random))
    for _epoch in range(recipe.epochs):
        groups, lost = _groups(examples, random), 0.0
        for group in groups:
            prompt = prompts[int(random.random() < _WITHOUT_SENTENCE)]
            step += 1
            share = min(1.0, step / (_WARM_UP * total), (total + 1 - step) / ((1 - _WARM_UP) * total))
            batch = _batch([examples[at] for at in group], prompt)
            loss, adapters, moments = _step(
                weights, adapters, moments, batch, step, recipe.rate * share, size=size, start=len(prompt)
            )
            lost += float(loss)
            progress(step, total)
        yield Epoch(adapters, lost / len(groups))


def mean_loss(
    weights: Weights, size: DecoderSize, adapters: Adapters, examples: Sequence[TrainingExample], prompt: Sequence[int]
) -> float:
    """Return the mean loss of a token, in nats; nan without examples."""
    lost, tokens = 0.0, 0.0
    for group in _groups(examples, np.random.default_rng(_SEED)):
        batch = _batch([examples[at] for at in group], prompt)
        count = float(batch.counts.sum())
        lost += count * float(_loss_of_batch(adapters, weights, batch, size=size, start=len(prompt)))
        tokens += count
    return lost / tokens if tokens else float("nan")


def _groups(examples: Sequence[TrainingExample], random: np.random.Generator) -> list[NDArray[np.int64]]:
    """Return the places of the examples of each step: texts of about the same length, in random order."""
    lengths = np.array([_filled_length(len(example.tokens)) for example in examples])
    order = random.permutation(len(examples))
    groups = list[NDArray[np.int64]]()
    for length in sorted(set(lengths.tolist())):
        of_length = order[lengths[order] == length]
        groups += [of_length[at : at + _AT_ONCE] for at in range(0, len(of_length), _AT_ONCE)]
    return [groups[at] for at in random.permutation(len(groups))]


def _filled_length(tokens: int) -> int:
    if tokens > _TOKENS[-1]:
        raise ValueError(f"a text has {tokens} tokens; the recogniser reads at most {_TOKENS[-1]}")
    return next(length for length in _TOKENS if length >= tokens)


def _batch(examples: Sequence[TrainingExample], prompt: Sequence[int]) -> _Batch:
    length = _filled_length(max(len(example.tokens) for example in examples))
    heard = np.zeros((_AT_ONCE, *examples[0].heard.shape), np.float32)
    tokens = np.zeros((_AT_ONCE, len(prompt) + length), np.int32)
    counts = np.zeros((_AT_ONCE, length), np.float32)
    tokens[:, : len(prompt)] = prompt
    for at, example in enumerate(examples):
        heard[at] = example.heard
        tokens[at, len(prompt) : len(prompt) + len(example.tokens)] = example.tokens
        counts[at, : len(example.tokens)] = 1
    return _Batch(jnp.asarray(heard), jnp.asarray(tokens), jnp.asarray(counts))


def _loss(adapters: Adapters, weights: Weights, batch: _Batch, size: DecoderSize, start: int) -> Array:
    """Return the cross entropy of a batch's texts, whose first token stands at ``start``, in nats a token."""
    states = last_states(weights, size, adapters, batch.heard, batch.tokens[:, :-1])[:, start - 1 :]
    likely = jax.nn.log_softmax(logits(weights, states))
    of_text = jnp.take_along_axis(likely, batch.tokens[:, start:, None], -1)[..., 0]
    return -(of_text * batch.counts).sum() / batch.counts.sum()


_loss_of_batch = jax.jit(_loss, static_argnames=("size", "start"))


@partial(jax.jit, static_argnames=("size", "start"))
def _step(
    weights: Weights,
    adapters: Adapters,
    moments: _Moments,
    batch: _Batch,
    step: int,
    rate: float,
    *,
    size: DecoderSize,
    start: int,
) -> tuple[Array, Adapters, _Moments]:
    """Return the loss of a batch, and the adapters and moments after a step of Adam; ``step`` is 1 at first."""
    loss, gradients = jax.value_and_grad(_loss)(adapters, weights, batch, size, start)

    def mean(before: Array, gradient: Array) -> Array:
        return _FIRST * before + (1 - _FIRST) * gradient

    def mean_square(before: Array, gradient: Array) -> Array:
        return _SECOND * before + (1 - _SECOND) * gradient**2

    def moved(value: Array, first: Array, second: Array) -> Array:
        deviation = jnp.sqrt(second / (1 - _SECOND**step)) + _LEAST
        return value - rate * first / (1 - _FIRST**step) / deviation

    first = jax.tree.map(mean, moments.first, gradients)
    second = jax.tree.map(mean_square, moments.second, gradients)
    return loss, jax.tree.map(moved, adapters, first, second), _Moments(first, second)
