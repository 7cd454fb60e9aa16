"""Loudness of one channel by ITU-R BS.1770-5: K-weighted, gated, in LUFS, at any sample rate."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]

_BLOCK, _HOP = 0.4, 0.1  # seconds
_ABSOLUTE = -70.0  # LUFS of a block below which it is silence
_RELATIVE = -10.0  # LU relative to the mean of the other blocks below which a block is a pause
_OFFSET = -0.691  # makes a sine of 997 Hz at full scale -3.01 LUFS

# The recommendation's two filters as analogue filters, so that they can be computed for any rate: a shelf that models
# the head, and a high-pass. Centre in Hz, quality, and the shelf's height in dB, the high-pass's gain.
_SHELF = (1681.974450955533, 0.7071752369554196, 3.999843853973347)
_HIGH_PASS = (38.13547087602444, 0.5003270373238773, 1.004995)


def loudness(samples: Samples, rate: int) -> float:
    """Return the integrated loudness of ``samples`` (between -1 and 1) in LUFS; -inf for silence.

    A sound shorter than a block is one block.
    """
    spectrum = np.fft.rfft(samples, 2 * len(samples)) * _weights(2 * len(samples), rate)
    weighted = np.fft.irfft(spectrum, 2 * len(samples))[: len(samples)]
    block, hop = min(round(_BLOCK * rate), len(weighted)), round(_HOP * rate)
    starts = range(0, len(weighted) - block + 1, hop)
    power = np.array([np.mean(weighted[start : start + block] ** 2) for start in starts])
    power = power[power > _power(_ABSOLUTE)]
    if not len(power):
        return float("-inf")
    gated = power[power > power.mean() * 10 ** (_RELATIVE / 10)]
    return _OFFSET + 10 * float(np.log10(gated.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))


def _weights(length: int, rate: int) -> NDArray[np.complex128]:
    """Return the gain of both filters at each frequency of a real Fourier transform."""
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(length))
    centre, quality, decibels = _SHELF
    warped, height = np.tan(np.pi * centre / rate), 10 ** (decibels / 20)
    slope = height**0.4996667741545416 * warped / quality
    shelf = height + slope + warped**2, 2 * (warped**2 - height), height - slope + warped**2
    shelf_weights = _ratio(shelf, warped, quality, delay)
    centre, quality, gain = _HIGH_PASS
    return shelf_weights * _ratio((gain, -2 * gain, gain), np.tan(np.pi * centre / rate), quality, delay)


def _ratio(
    above: tuple[float, float, float], warped: float, quality: float, delay: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    below = 1 + warped / quality + warped**2, 2 * (warped**2 - 1), 1 - warped / quality + warped**2
    ratio: NDArray[np.complex128] = np.polyval(above[::-1], delay) / np.polyval(below[::-1], delay)
    return ratio
