"""Whisper's decoder as a computation (Radford et al. 2022, after Vaswani et al. 2017, "Attention Is All You Need").

It is in two parts, so that what it looks up of a sound is computed once for all that is held against that sound.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ivr.speech.recognizers.graph import Graph


@dataclass(frozen=True, slots=True)
class Layers:
    """The weights of a decoder, by ctranslate2's names, and what follows from them."""

    weights: Mapping[str, NDArray[np.generic]]

    @property
    def count(self) -> int:
        """How many layers there are."""
        return sum(name.startswith("decoder/") and name.endswith("/ffn/linear_0/weight") for name in self.weights)

    @property
    def heads(self) -> int:
        """How many heads each attention has."""
        return int(np.array(self.weights["decoder/num_heads"]).item())

    @property
    def width(self) -> int:
        """How many numbers stand for a token, or for a place of the sound."""
        return int(self.weights["decoder/embeddings/weight"].shape[1])

    @property
    def past(self) -> NDArray[np.float32]:
        """What `words` has seen before the first token: nothing."""
        return np.zeros((self.count, 2, self.heads, 0, self.width // self.heads), dtype=np.float32)

    def sound(self) -> onnxruntime.InferenceSession:
        """Return what computes, of an encoded ``sound`` (places, width), what every layer looks up of it.

        ``keys`` are (layers, heads, width of a head, places), ``values`` (layers, heads, places, width of a head).
        """
        graph = Graph()
        names = [f"decoder/layer_{layer}/attention/linear_1" for layer in range(self.count)]
        weight, bias = (
            np.concatenate([self.weights[f"{name}/{kind}"] for name in names]) for kind in ("weight", "bias")
        )
        shape = graph.whole(-1, self.count, 2, self.heads, self.width // self.heads)
        both = graph.apply("Reshape", graph.linear("sound", weight, bias), shape)
        keys, values = (_at(graph, both, which, axis=2) for which in range(2))
        return graph.session(
            {"sound": (np.float32, ["places", self.width])},
            {
                "keys": graph.apply("Transpose", keys, perm=[1, 2, 3, 0]),
                "values": graph.apply("Transpose", values, perm=[1, 2, 0, 3]),
            },
        )

    def words(self) -> onnxruntime.InferenceSession:
        """Return what computes, of ``tokens`` (tokens, width), how likely each token is to follow those at ``rows``.

        ``keys`` and ``values`` are the sound's. ``past`` (layers, 2, heads, tokens before, width of a head) is what
        ``present`` was after the tokens before, and ``unseen`` (tokens, tokens before and these) is added to what a
        token sees of the others: 0, or as good as minus infinity. ``likely`` (rows, vocabulary) are logarithms.
        """
        graph, head = Graph(), self.width // self.heads
        now, present = "tokens", []
        for layer in range(self.count):
            now, kept = self._among_themselves(graph, now, layer)
            present.append(kept)
            now = self._of_the_sound(graph, now, layer)
            now = self._each_alone(graph, now, layer)
        wanted = self._norm(graph, graph.apply("Gather", now, "rows", axis=0), "decoder/layer_norm")
        likely = graph.apply("LogSoftmax", graph.linear(wanted, self.weights["decoder/embeddings/weight"]), axis=-1)
        return graph.session(
            {
                "tokens": (np.float32, ["tokens", self.width]),
                "unseen": (np.float32, ["tokens", "seen"]),
                "rows": (np.int64, ["rows"]),
                "past": (np.float32, [self.count, 2, self.heads, "before", head]),
                "keys": (np.float32, [self.count, self.heads, head, "places"]),
                "values": (np.float32, [self.count, self.heads, "places", head]),
            },
            {"likely": likely, "present": graph.apply("Concat", *present, axis=0)},
        )

    def _among_themselves(self, graph: Graph, now: str, layer: int) -> tuple[str, str]:
        """Add a layer's self-attention; returns its result, and what later tokens look up."""
        of = f"decoder/layer_{layer}/self_attention"
        three = self._linear(graph, self._norm(graph, now, f"{of}/layer_norm"), f"{of}/linear_0")
        three = graph.apply("Reshape", three, graph.whole(-1, 3, self.heads, self.width // self.heads))
        three = graph.apply("Transpose", three, perm=[1, 2, 0, 3])
        new = graph.apply("Slice", three, graph.whole(1), graph.whole(3), graph.whole(0))
        both = graph.apply("Concat", _at(graph, "past", layer), new, axis=2)
        keys = graph.apply("Transpose", _at(graph, both, 0), perm=[0, 2, 1])
        seen = self._attend(graph, _at(graph, three, 0), keys, _at(graph, both, 1), "unseen")
        return graph.apply("Add", now, self._linear(graph, seen, f"{of}/linear_1")), graph.apply(
            "Unsqueeze", both, graph.whole(0)
        )

    def _of_the_sound(self, graph: Graph, now: str, layer: int) -> str:
        """Add a layer's attention to the sound."""
        of = f"decoder/layer_{layer}/attention"
        query = self._linear(graph, self._norm(graph, now, f"{of}/layer_norm"), f"{of}/linear_0")
        query = graph.apply("Reshape", query, graph.whole(-1, self.heads, self.width // self.heads))
        query = graph.apply("Transpose", query, perm=[1, 0, 2])
        seen = self._attend(graph, query, _at(graph, "keys", layer), _at(graph, "values", layer))
        return graph.apply("Add", now, self._linear(graph, seen, f"{of}/linear_2"))

    def _each_alone(self, graph: Graph, now: str, layer: int) -> str:
        """Add a layer's feed-forward part."""
        of = f"decoder/layer_{layer}/ffn"
        inner = graph.apply("Gelu", self._linear(graph, self._norm(graph, now, f"{of}/layer_norm"), f"{of}/linear_0"))
        return graph.apply("Add", now, self._linear(graph, inner, f"{of}/linear_1"))

    def _attend(self, graph: Graph, query: str, keys: str, values: str, unseen: str | None = None) -> str:
        scale = graph.constant(np.array((self.width // self.heads) ** -0.5, dtype=np.float32))
        scores = graph.apply("MatMul", graph.apply("Mul", query, scale), keys)
        if unseen is not None:
            scores = graph.apply("Add", scores, unseen)
        seen = graph.apply("MatMul", graph.apply("Softmax", scores, axis=-1), values)
        return graph.apply("Reshape", graph.apply("Transpose", seen, perm=[1, 0, 2]), graph.whole(-1, self.width))

    def _linear(self, graph: Graph, given: str, name: str) -> str:
        return graph.linear(given, self.weights[f"{name}/weight"], self.weights[f"{name}/bias"])

    def _norm(self, graph: Graph, given: str, name: str) -> str:
        return graph.norm(given, self.weights[f"{name}/gamma"], self.weights[f"{name}/beta"])


def _at(graph: Graph, value: str, index: int, axis: int = 0) -> str:
    """Add the choice of one of the parts that a value has along an axis."""
    return graph.apply("Gather", value, graph.constant(np.array(index)), axis=axis)
