"""Samples and their rate: 8 kHz on the telephone, 16 kHz in the models."""

import numpy as np
import soxr
from numpy.typing import NDArray

from ivr.speech.recognizer import RATE

MODEL_RATE = 16_000  # samples a second that models were trained on
Samples = NDArray[np.float32]  # between -1 and 1, mono


def samples(frames: bytes) -> Samples:
    """Return telephone sound (signed, 16 bits, little-endian) as samples; half a sample at the end is dropped."""
    return np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2").astype(np.float32) / np.float32(32768)


def for_models(samples: Samples) -> Samples:
    """Resample a whole sound from `RATE` to `MODEL_RATE`."""
    resampled: Samples = soxr.resample(samples, RATE, MODEL_RATE)
    return resampled


def telephone(samples: NDArray[np.int16], rate: int) -> bytes:
    """Resample a whole recording to the telephone's sound: `RATE`, 16 bits, little-endian."""
    return bytes(soxr.resample(samples, rate, RATE).astype("<i2").tobytes())
