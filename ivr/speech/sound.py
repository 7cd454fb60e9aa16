"""Sound as numbers: from the telephone's 8000 samples a second to the 16,000 that models were trained on."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]  # between -1 and 1, mono

_SIDE = 16  # neighbours on each side that a new sample is made from


def _between() -> Samples:
    """Return the filter that makes the sample half way between two: a windowed sinc."""
    place = np.arange(-_SIDE + 0.5, _SIDE)
    taps = np.sinc(place) * np.hanning(2 * _SIDE + 2)[1:-1]
    weights: Samples = (taps / taps.sum()).astype(np.float32)
    return weights


_FILTER = _between()


class Doubler:
    """Doubles the sample rate of a stream that comes in pieces; its output lags by 2 ms."""

    def __init__(self) -> None:
        """Begin in silence."""
        self._past: Samples = np.zeros(2 * _SIDE - 1, dtype=np.float32)

    def feed(self, frames: bytes) -> Samples:
        """Return twice as many samples as ``frames`` has, a half sample at the end being dropped."""
        new = np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2").astype(np.float32) / 32768
        known = np.concatenate([self._past, new])
        self._past = known[len(new) :]
        doubled = np.empty(2 * len(new), dtype=np.float32)
        if len(new):
            doubled[0::2] = known[_SIDE - 1 : _SIDE - 1 + len(new)]
            doubled[1::2] = np.convolve(known, _FILTER, "valid")
        return doubled


def telephone(samples: NDArray[np.int16], rate: int) -> bytes:
    """Return a whole recording as a telephone would bring it: 8000 samples a second, 16 bits."""
    count = len(samples) * 8000 // rate
    if not count:
        return b""
    spectrum = np.fft.rfft(samples.astype(np.float64))[: count // 2 + 1]
    resampled = np.fft.irfft(spectrum, count) * count / len(samples)
    return np.clip(np.rint(resampled), -32768, 32767).astype("<i2").tobytes()
