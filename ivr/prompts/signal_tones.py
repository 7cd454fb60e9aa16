"""The two tones: the beep before a message, and the error tone."""

import numpy as np

from ivr.prompts.loudness import Samples

RATE = 16_000
TONE_LEVEL = -23.0  # LUFS
_RAMP = 0.01  # seconds, so that no tone starts with a click


def beep() -> Samples:
    """Return the signal after which the caller speaks: 1400 Hz, 0.3 s."""
    return _tone((1400,), 0.3)


def beeperr() -> Samples:
    """Return the signal for a mistake: 480 and 620 Hz, two of 0.2 s (the busy signal's pair)."""
    tone = _tone((480, 620), 0.2)
    return np.concatenate([tone, np.zeros(int(0.1 * RATE), dtype=np.float32), tone])


def _tone(hertz: tuple[int, ...], seconds: float) -> Samples:
    time = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * frequency * time) for frequency in hertz) / len(hertz)
    ends = np.minimum(1.0, np.minimum(time, seconds - time) / _RAMP)
    return np.asarray(wave * ends, dtype=np.float32)
