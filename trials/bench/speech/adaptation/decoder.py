"""Whisper's decoder in JAX, from the weights in ctranslate2's file, with adapters beside its matrices.

Radford et al. 2022, arXiv:2212.04356, section 2.2; Vaswani et al. 2017, arXiv:1706.03762; adapters: Hu et al. 2021,
"LoRA: Low-Rank Adaptation of Large Language Models", arXiv:2106.09685.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from trials.bench.speech.adaptation.model_file import Adapter, Numbers

Array = jax.Array
Weights = Mapping[str, Array]
Adapters = dict[str, Adapter]  # by the name of a matrix

_ADAPTED = (
    "self_attention/linear_0",
    "self_attention/linear_1",
    "attention/linear_0",
    "attention/linear_1",
    "attention/linear_2",
    "ffn/linear_0",
    "ffn/linear_1",
)  # all matrices of a layer


@dataclass(frozen=True, slots=True)
class DecoderSize:
    """What a decoder's weights do not say by their shapes."""

    layers: int
    heads: int


def decoder(variables: Mapping[str, Numbers]) -> tuple[Weights, DecoderSize]:
    """Return the weights and the size of the decoder among a model's variables."""
    layers = {name.split("/")[1] for name in variables if name.startswith("decoder/layer_") and name.count("/") > 2}
    weights = {name: jnp.asarray(numbers) for name, numbers in variables.items() if numbers.ndim}
    return weights, DecoderSize(len(layers), int(variables["decoder/num_heads"]))


def new_adapters(weights: Weights, size: DecoderSize, rank: int, seed: int) -> Adapters:
    """Return adapters that change nothing yet: one factor is random, the other zero (Hu et al., section 4.1)."""
    random = np.random.default_rng(seed)
    adapters: Adapters = {}
    for name in (f"decoder/layer_{layer}/{matrix}/weight" for layer in range(size.layers) for matrix in _ADAPTED):
        outputs, inputs = weights[name].shape
        down = random.normal(0, 1 / math.sqrt(inputs), (rank, inputs)).astype(np.float32)
        adapters[name] = Adapter(jnp.asarray(down), jnp.zeros((outputs, rank), jnp.float32))
    return adapters


def last_states(weights: Weights, size: DecoderSize, adapters: Adapters, heard: Array, tokens: Array) -> Array:
    """Return the last layer's states, shape (sounds, tokens, width).

    Args:
        weights: of the decoder.
        size: of the decoder.
        adapters: of some of its matrices; {} for the decoder as it is.
        heard: what the encoder heard, shape (sounds, places, width).
        tokens: shape (sounds, tokens).
    """
    states = weights["decoder/embeddings/weight"][tokens]
    states += weights["decoder/position_encodings/encodings"][: tokens.shape[1]]
    past = jnp.tril(jnp.ones((tokens.shape[1], tokens.shape[1]), bool))

    def linear(name: str, inputs: Array) -> Array:
        outputs = inputs @ weights[f"{name}/weight"].T + weights[f"{name}/bias"]
        if adapter := adapters.get(f"{name}/weight"):
            outputs += (inputs @ adapter.down.T) @ adapter.up.T
        return outputs

    for layer in range(size.layers):
        place = f"decoder/layer_{layer}"
        normal = _normalized(weights, f"{place}/self_attention/layer_norm", states)
        query, key, value = jnp.split(linear(f"{place}/self_attention/linear_0", normal), 3, axis=-1)
        states += linear(f"{place}/self_attention/linear_1", _attended(query, key, value, size.heads, past))
        query = linear(f"{place}/attention/linear_0", _normalized(weights, f"{place}/attention/layer_norm", states))
        key, value = jnp.split(linear(f"{place}/attention/linear_1", heard), 2, axis=-1)
        states += linear(f"{place}/attention/linear_2", _attended(query, key, value, size.heads))
        inner = linear(f"{place}/ffn/linear_0", _normalized(weights, f"{place}/ffn/layer_norm", states))
        states += linear(f"{place}/ffn/linear_1", jax.nn.gelu(inner, approximate=False))
    return _normalized(weights, "decoder/layer_norm", states)


def logits(weights: Weights, states: Array) -> Array:
    """Return the logits of each token of the vocabulary, from the last layer's states."""
    return states @ weights["decoder/embeddings/weight"].T


def _normalized(weights: Weights, name: str, states: Array) -> Array:
    centred = states - states.mean(-1, keepdims=True)
    scale = jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return centred * scale * weights[f"{name}/gamma"] + weights[f"{name}/beta"]


def _attended(query: Array, key: Array, value: Array, heads: int, mask: Array | None = None) -> Array:
    count, length, width = query.shape

    def by_head(states: Array) -> Array:
        return states.reshape(count, -1, heads, width // heads).transpose(0, 2, 1, 3)

    scores = by_head(query) @ by_head(key).transpose(0, 1, 3, 2) / math.sqrt(width // heads)
    if mask is not None:
        scores = jnp.where(mask, scores, -jnp.inf)
    return (jax.nn.softmax(scores, -1) @ by_head(value)).transpose(0, 2, 1, 3).reshape(count, length, width)
