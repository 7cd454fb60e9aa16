"""From samples to the two files of a sound: one level for all, cut close, 8 and 16 kHz."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.prompts.manifest import wideband

Samples = NDArray[np.float32]

NARROW = 8_000  # samples a second of a telephone line
WIDE = 16_000
SPEECH_LEVEL = -20.0  # dB below full scale: mean power while somebody speaks
_PEAK = 0.9  # of full scale; no sample goes beyond
_FADE = 0.005  # seconds


def trimmed(samples: Samples, rate: int, margin: float) -> Samples:
    """Return ``samples`` with ``margin`` seconds of silence at both ends, and no more.

    Silence is what stays 40 dB below the loudest hundredth of a second.
    """
    window = rate // 100
    frames = samples[: len(samples) // window * window].reshape(-1, window)
    power = np.mean(frames**2, axis=1)
    loud = np.flatnonzero(power > power.max() * 1e-4)
    kept = samples[int(loud[0]) * window : (int(loud[-1]) + 1) * window].copy()
    ramp = np.linspace(0.0, 1.0, int(_FADE * rate), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[-len(ramp) :] *= ramp[::-1]
    silence = np.zeros(int(margin * rate), dtype=np.float32)
    return np.concatenate([silence, kept, silence])


def resampled(samples: Samples, rate: int, to: int) -> Samples:
    """Return ``samples`` at the lower rate ``to``; what that rate cannot carry is filtered out first.

    The low-pass falls from 85 to 98 % of half the new rate (3.4 to 3.9 kHz for a telephone line).
    """
    step = rate // np.gcd(rate, to)
    padded = np.pad(samples, (0, -len(samples) % step))
    length = len(padded) * to // rate
    spectrum = np.fft.rfft(padded)[: length // 2 + 1]
    position = np.linspace(0.0, 1.0, len(spectrum))
    fall = np.clip((position - 0.85) / 0.13, 0.0, 1.0)
    spectrum *= 0.5 * (1 + np.cos(np.pi * fall))
    return np.asarray(np.fft.irfft(spectrum, length) * (to / rate), dtype=np.float32)


def level(samples: Samples, rate: int) -> float:
    """Return the loudness in dB below full scale, pauses left out.

    Mean power of blocks of 0.4 s that are not 10 dB below the mean of all: the gating of ITU-R BS.1770,
    without its weighting of frequencies, which a telephone line's band makes nearly flat.
    """
    block, hop = int(0.4 * rate), int(0.1 * rate)
    starts = range(0, max(len(samples) - block, 0) + 1, hop)
    power = np.array([np.mean(samples[start : start + block] ** 2) for start in starts])
    return float(10 * np.log10(np.mean(power[power > power.mean() * 0.1])))


def write_pair(narrowband: Path, samples: Samples, rate: int, loudness: float) -> None:
    """Write a sound at ``narrowband`` (8 kHz) and its wideband copy beside it.

    Args:
        narrowband: where the 8 kHz file goes; its folder is made.
        samples: mono, at ``rate``, which is at least 16 kHz.
        rate: samples a second.
        loudness: the level both get, in dB below full scale, unless a peak forbids it.
    """
    narrow, wide = resampled(samples, rate, NARROW), resampled(samples, rate, WIDE)
    peak = max(float(np.abs(narrow).max()), float(np.abs(wide).max()))
    gain = min(10 ** ((loudness - level(narrow, NARROW)) / 20), _PEAK / peak)
    narrowband.parent.mkdir(parents=True, exist_ok=True)
    _write(narrowband, narrow * gain, NARROW)
    _write(wideband(narrowband), wide * gain, WIDE)


def _write(path: Path, samples: Samples, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())
