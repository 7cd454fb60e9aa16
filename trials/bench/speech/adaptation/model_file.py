"""The weights in ctranslate2's file ``model.bin`` (binary version 6): read them, and add adapters to them. Pure."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trials.bench.speech.adaptation.step_impossible import StepImpossible

Numbers = NDArray[np.float32]

_VERSION = 6
_TYPES: Mapping[int, type[np.generic]] = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


class Adapter(NamedTuple):
    """A low-rank change of a matrix: ``up @ down`` is added to it (Hu et al. 2021, arXiv:2106.09685, section 4.1).

    Both are arrays: JAX's in training, numpy's in files.
    """

    down: Any  # shape (rank, inputs)
    up: Any  # shape (outputs, rank)


@dataclass(frozen=True, slots=True)
class VariablePlace:
    """The place of a variable in the file."""

    start: int  # byte
    shape: tuple[int, ...]
    type: type[np.generic]


def places(content: bytes) -> dict[str, VariablePlace]:
    """Return the place of each variable.

    Raises:
        StepImpossible: the file has another version.
    """
    reader = _Reader(content)
    (version,) = reader.numbers("I")
    if version != _VERSION:
        raise StepImpossible(f"model.bin has version {version}; this program reads version {_VERSION}")
    reader.text()  # the name of the specification
    _revision, count = reader.numbers("II")
    found = {}
    for _variable in range(count):
        name = reader.text()
        (dimensions,) = reader.numbers("B")
        shape = reader.numbers(f"{dimensions}I")
        kind, length = reader.numbers("BI")
        found[name] = VariablePlace(reader.at, shape, _TYPES[kind])
        reader.at += length
    return found


def variables(content: bytes, prefix: str) -> dict[str, Numbers]:
    """Return the variables whose names begin with ``prefix``, each in its shape."""
    return {
        name: _array(content, place).astype(np.float32)
        for name, place in places(content).items()
        if name.startswith(prefix)
    }


def merged(content: bytes, adapters: Mapping[str, Adapter]) -> bytes:
    """Return the file with adapters added to its matrices: the same bytes on every machine.

    The product of two numbers of 16 bits is exact in 64 bits, and the sums are made in a fixed order.

    Raises:
        StepImpossible: the file has no matrix of an adapter's name, or one of another shape.
    """
    changed, where = bytearray(content), places(content)
    for name, adapter in adapters.items():
        shape = adapter.up.shape[0], adapter.down.shape[1]
        if name not in where or where[name].shape != shape:
            raise StepImpossible(f"the model has no matrix {name} of shape {shape}: the adapters are of another model")
        place = where[name]
        total = _array(content, place).astype(np.float64)
        for row, column in zip(adapter.down.astype(np.float64), adapter.up.astype(np.float64).T, strict=True):
            total += column[:, None] * row
        weights = total.astype(place.type).tobytes()
        changed[place.start : place.start + len(weights)] = weights
    return bytes(changed)


def _array(content: bytes, place: VariablePlace) -> NDArray[Any]:
    count = int(np.prod(place.shape, dtype=int))
    return np.frombuffer(content, place.type, count, place.start).reshape(place.shape)


class _Reader:
    """Reads a file from its beginning; numbers are little-endian."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.at = 0

    def text(self) -> str:
        """Return the next text: its length, and its bytes with a zero at the end."""
        (length,) = self.numbers("H")
        self.at += length
        return self._content[self.at - length : self.at - 1].decode()

    def numbers(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from(f"<{form}", self._content, self.at)
        self.at += struct.calcsize(f"<{form}")
        return found
