"""Models as ctranslate2 keeps them: read, or refused in words."""

import struct
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

from ivr.speech.recognizers.weights import weights  # noqa: E402  # needs numpy

HALVES, WHOLE = 4, 1


def text(value: str) -> bytes:
    return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"


def array(name: str, shape: tuple[int, ...], kind: int, content: bytes) -> bytes:
    sizes = struct.pack(f"<B{len(shape)}I", len(shape), *shape)
    return text(name) + sizes + struct.pack("<BI", kind, len(content)) + content


def model(*arrays: bytes, version: int = 6) -> bytes:
    head = struct.pack("<I", version) + text("WhisperSpec") + struct.pack("<II", 3, len(arrays))
    return head + b"".join(arrays) + struct.pack("<I", 0)


GOOD = array("decoder/projection/weight", (2, 3), HALVES, np.arange(6, dtype=np.float16).tobytes())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "model.bin"


def test_arrays_go_by_their_names(file: Path) -> None:
    file.write_bytes(model(array("decoder/num_heads", (), 2, struct.pack("<h", 8)), GOOD))
    found = weights(file)
    assert found["decoder/num_heads"] == 8
    assert found["decoder/projection/weight"].tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a model",
        model(GOOD)[:-8],
        model(GOOD, version=5),
        model(GOOD).replace(struct.pack("<II", 3, 1), struct.pack("<II", 3, 9)),
        model(array("x", (2, 2), HALVES, b"\0\0")),
        b"\xff" * 200,
    ],
)
def test_what_is_no_model_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"model\.bin is damaged or no model of ctranslate2's"):
        weights(file)


def test_a_model_of_whole_numbers_is_refused_with_the_remedy(file: Path) -> None:
    file.write_bytes(model(array("decoder/projection/weight", (2, 3), WHOLE, bytes(6))))
    with pytest.raises(ValueError, match="--quantization float16"):
        weights(file)
