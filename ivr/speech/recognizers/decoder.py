"""Whisper's decoder: what is said in an encoded sound, and how likely texts are to be.

By ONNX Runtime: ctranslate2 computes what the decoder looks up of a sound anew for each text that is held against it.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.speech.recognizers.layers import Layers
from ivr.speech.recognizers.packed import UNSEEN, pack
from ivr.speech.recognizers.weights import weights
from ivr.speech.sound import Samples


@dataclass(frozen=True, slots=True, eq=False)
class LookedUp:
    """What each layer looks up of an encoded sound: see `Layers.sound`."""

    keys: Samples
    values: Samples


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read."""

    tokens: list[int]
    likelihood: float  # 0 to 1: of the tokens and the end, the mean for one token
    no_speech: float  # 0 to 1: how likely it is that nobody speaks


class Decoder:
    """A model's decoder, on one core."""

    def __init__(self, folder: Path, end: int, no_speech: int) -> None:
        """Load it from a folder with model.bin and config.json; takes a second.

        ``end`` and ``no_speech`` are the tokens that stand for the end of a text and for no speech.

        Raises:
            ValueError: the model cannot be used; says why.
        """
        layers = Layers(weights(folder / "model.bin"))
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._never, self._not_first = config["suppress_ids"], config["suppress_ids_begin"]
        self._end, self._no_speech = end, no_speech
        self._embeddings = layers.weights["decoder/embeddings/weight"]
        self._positions = layers.weights["decoder/position_encodings/encodings"].astype(np.float32)
        self._nothing = layers.past
        self._sound, self._words = layers.sound(), layers.words()

    def look_up(self, sound: Samples) -> LookedUp:
        """Compute what is looked up of an encoded sound, shape (places, width)."""
        return LookedUp(*self._sound.run(["keys", "values"], {"sound": sound}))

    def read(self, sound: LookedUp, start: Sequence[int], task: Sequence[int], most: int) -> Reading:
        """Read what is said, up to ``most`` tokens, the likeliest each time, after ``start`` and ``task``."""
        before = [*start, *task]
        rows = [len(start), len(before) - 1]
        likely, past = self._run(sound, before, range(len(before)), _onwards(0, len(before)), self._nothing, rows)
        no_speech, after = math.exp(likely[0, self._no_speech]), likely[1]
        after[self._not_first] = -np.inf
        tokens: list[int] = []
        total = 0.0
        while len(tokens) < most:
            after[self._never] = -np.inf
            token = int(after.argmax())
            total += float(after[token]) - math.log(np.exp(after).sum())
            if token == self._end:
                break
            tokens.append(token)
            at = past.shape[3]
            likely, past = self._run(sound, [token], [at], _onwards(at, 1), past, [0])
            after = likely[0]
        return Reading(tokens, math.exp(total / max(1, len(tokens))), no_speech)

    def likelihoods(
        self, sound: LookedUp, start: Sequence[int], texts: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float32]]:
        """Return for each text after ``start`` the logarithm of how likely each of its tokens is."""
        packed = pack(start, texts)
        likely, _past = self._run(sound, packed.tokens, packed.positions, packed.unseen, self._nothing, packed.rows)
        return [np.array([likely[place] for place in places], dtype=np.float32) for places in packed.wanted]

    def _run(
        self,
        sound: LookedUp,
        tokens: Sequence[int],
        positions: Sequence[int],
        unseen: NDArray[np.float32],
        past: NDArray[np.float32],
        rows: Sequence[int],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        given = self._embeddings[list(tokens)].astype(np.float32) + self._positions[list(positions)]
        likely, present = self._words.run(
            ["likely", "present"],
            {
                "tokens": given,
                "unseen": unseen,
                "rows": np.array(rows, dtype=np.int64),
                "past": past,
                "keys": sound.keys,
                "values": sound.values,
            },
        )
        return likely, present


def _onwards(before: int, count: int) -> NDArray[np.float32]:
    """Return what is unseen where each of ``count`` tokens sees the ``before`` ones, those before it, and itself."""
    return np.triu(np.full((count, before + count), UNSEEN, dtype=np.float32), before + 1)
