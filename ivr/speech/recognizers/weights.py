"""The weights of a model as ctranslate2 keeps them: model.bin, version 6 of its format."""

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.texts import _

_VERSION = 6
_KINDS = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def weights(file: Path) -> Mapping[str, NDArray[np.generic]]:
    """Return each of a model's arrays by its name; they stay in the file until they are used.

    Raises:
        ValueError: the file is of another version, is cut off, or has its weights in a form that is not for reading.
    """
    try:
        found = _arrays(np.memmap(file, dtype=np.uint8, mode="r"))
    except (struct.error, ValueError, IndexError) as error:
        raise ValueError(_("{file} is damaged or no model of ctranslate2's").format(file=file)) from error
    for name, array in found.items():
        if name.endswith("/weight") and array.dtype.kind != "f":
            text = _("{file} has whole numbers for weights; convert the model with --quantization float16")
            raise ValueError(text.format(file=file))
    return found


def _arrays(raw: NDArray[np.uint8]) -> dict[str, NDArray[np.generic]]:
    at = 0

    def number(form: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(form, raw.data, at)
        at += struct.calcsize(form)
        return int(value)

    def name() -> str:
        nonlocal at
        length = number("<H")
        at += length
        return bytes(raw[at - length : at - 1]).decode()

    if number("<I") != _VERSION:
        raise IndexError
    name(), number("<I")  # what kind of model it is, and of which revision
    arrays = {}
    for _each in range(number("<I")):
        key = name()
        shape = [number("<I") for _dimension in range(number("<B"))]
        kind, length = number("<B"), number("<I")
        if at + length > len(raw):
            raise IndexError
        if kind in _KINDS:
            arrays[key] = raw[at : at + length].view(_KINDS[kind]).reshape(shape)
        at += length
    return arrays
