"""How likely sound is to be speech: the silero model, chunk by chunk, so that it costs nothing to know at once."""

from pathlib import Path

import numpy as np
import onnxruntime

from ivr.speech.inference import session
from ivr.speech.sound import Samples

CHUNK = 512  # samples at 16,000 a second
_BEFORE = 64  # samples of the chunk before that the model looks at
_STATE = 128


class VoiceModel:
    """The model as loaded, for many streams."""

    def __init__(self, file: Path) -> None:
        """Load the model."""
        self._session = session(file)

    def stream(self) -> "VoiceStream":
        """Begin with a stream."""
        return VoiceStream(self._session)


class VoiceStream:
    """One stream of sound."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        """Begin in silence."""
        self._session = session
        self._memory = np.zeros((1, 1, _STATE), dtype=np.float32), np.zeros((1, 1, _STATE), dtype=np.float32)
        self._before: Samples = np.zeros(_BEFORE, dtype=np.float32)

    def likelihood(self, chunk: Samples) -> float:
        """Return how likely the next `CHUNK` samples are to be speech, 0 to 1."""
        given = np.concatenate([self._before, chunk])[None]
        self._before = chunk[-_BEFORE:]
        h, c = self._memory
        out, h, c = self._session.run(None, {"input": given, "h": h, "c": c})
        self._memory = h, c
        return float(np.ravel(out)[0])
