"""A model of two layers and eight numbers a token, in ctranslate2's format, for tests."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LAYERS, HEADS, WIDTH, INNER, TOKENS, PLACES = 2, 2, 8, 16, 20, 32

_KINDS = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


def variables() -> dict[str, NDArray[Any]]:
    """Return random weights, the same each time, beside a variable that is not the decoder's."""
    random = np.random.default_rng(7)
    found: dict[str, NDArray[Any]] = {"decoder/num_heads": np.array(HEADS, np.int16)}

    def matrix(name: str, outputs: int, inputs: int) -> None:
        found[f"{name}/weight"] = random.normal(0, 0.3, (outputs, inputs)).astype(np.float16)
        found[f"{name}/bias"] = random.normal(0, 0.1, outputs).astype(np.float16)

    def norm(name: str) -> None:
        found[f"{name}/gamma"] = random.normal(1, 0.1, WIDTH).astype(np.float16)
        found[f"{name}/beta"] = random.normal(0, 0.1, WIDTH).astype(np.float16)

    for layer in (f"decoder/layer_{number}" for number in range(LAYERS)):
        for part in ("self_attention", "attention", "ffn"):
            norm(f"{layer}/{part}/layer_norm")
        matrix(f"{layer}/self_attention/linear_0", 3 * WIDTH, WIDTH)
        matrix(f"{layer}/self_attention/linear_1", WIDTH, WIDTH)
        matrix(f"{layer}/attention/linear_0", WIDTH, WIDTH)
        matrix(f"{layer}/attention/linear_1", 2 * WIDTH, WIDTH)
        matrix(f"{layer}/attention/linear_2", WIDTH, WIDTH)
        matrix(f"{layer}/ffn/linear_0", INNER, WIDTH)
        matrix(f"{layer}/ffn/linear_1", WIDTH, INNER)
    norm("decoder/layer_norm")
    found["decoder/embeddings/weight"] = random.normal(0, 1, (TOKENS, WIDTH)).astype(np.float16)
    found["decoder/position_encodings/encodings"] = random.normal(0, 0.3, (PLACES, WIDTH)).astype(np.float16)
    found["encoder/conv1/bias"] = random.normal(0, 1, WIDTH).astype(np.float32)
    return found


def model_file(content: Mapping[str, NDArray[Any]], version: int = 6) -> bytes:
    """Return a ``model.bin`` with these variables."""
    parts = [struct.pack("<I", version), _text("WhisperSpec"), struct.pack("<II", 3, len(content))]
    for name, array in content.items():
        parts += [_text(name), struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)]
        parts += [struct.pack("<BI", _KINDS[array.dtype.name], array.nbytes), array.tobytes()]
    return b"".join(parts)


def write(folder: Path) -> Path:
    """Write the model into a folder that there is not yet, and return the folder."""
    folder.mkdir()
    (folder / "model.bin").write_bytes(model_file(variables()))
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def _text(text: str) -> bytes:
    content = text.encode() + b"\0"
    return struct.pack("<H", len(content)) + content
