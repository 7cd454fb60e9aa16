"""Turns samples into the two files of a prompt, 8 and 16 kHz: one level for all prompts, short silence at the ends."""

import wave
from pathlib import Path

import numpy as np

from ivr.prompts.loudness import Samples, loudness
from ivr.prompts.manifest import wideband

NARROW = 8_000  # samples a second of a telephone line
WIDE = 16_000
SPEECH_LEVEL = -20.0  # LUFS
_PEAK = 0.9  # of full scale; no sample goes beyond
_FADE = 0.005  # seconds


def trimmed(samples: Samples, rate: int, margin: float) -> Samples:
    """Return ``samples`` with exactly ``margin`` seconds of silence at both ends.

    A hundredth of a second is silent if it is 40 dB below the loudest.
    """
    window = rate // 100
    frames = samples[: len(samples) // window * window].reshape(-1, window)
    power = np.mean(frames**2, axis=1)
    loud = np.flatnonzero(power > power.max() * 1e-4)
    sound = samples[int(loud[0]) * window : (int(loud[-1]) + 1) * window].copy()
    ramp = np.linspace(0.0, 1.0, int(_FADE * rate), dtype=np.float32)
    sound[: len(ramp)] *= ramp
    sound[-len(ramp) :] *= ramp[::-1]
    silence = np.zeros(int(margin * rate), dtype=np.float32)
    return np.concatenate([silence, sound, silence])


def resampled(samples: Samples, rate: int, new_rate: int) -> Samples:
    """Return ``samples`` at the lower rate ``new_rate``; higher frequencies are filtered out first.

    The low-pass falls from 85 to 98 % of half the new rate (3.4 to 3.9 kHz for a telephone line).
    """
    step = rate // np.gcd(rate, new_rate)
    padded = np.pad(samples, (0, -len(samples) % step))
    length = len(padded) * new_rate // rate
    spectrum = np.fft.rfft(padded)[: length // 2 + 1]
    position = np.linspace(0.0, 1.0, len(spectrum))
    fall = np.clip((position - 0.85) / 0.13, 0.0, 1.0)
    spectrum *= 0.5 * (1 + np.cos(np.pi * fall))
    return np.asarray(np.fft.irfft(spectrum, length) * (new_rate / rate), dtype=np.float32)


def write_pair(narrowband: Path, samples: Samples, rate: int, level: float) -> None:
    """Write a sound at ``narrowband`` (8 kHz) and its wideband copy beside it.

    Args:
        narrowband: the path of the 8 kHz file; its folder is made.
        samples: mono, at ``rate``, which is at least 16 kHz.
        rate: samples a second.
        level: the loudness of both files in LUFS, unless a peak forbids it.
    """
    narrow, wide = resampled(samples, rate, NARROW), resampled(samples, rate, WIDE)
    peak = max(float(np.abs(narrow).max()), float(np.abs(wide).max()))
    gain = min(10 ** ((level - loudness(narrow, NARROW)) / 20), _PEAK / peak)
    if not narrowband.parent.is_dir():
        narrowband.parent.mkdir(parents=True)
        narrowband.parent.chmod(0o755)
    _write(narrowband, narrow * gain, NARROW)
    _write(wideband(narrowband), wide * gain, WIDE)


def _write(path: Path, samples: Samples, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())
    path.chmod(0o644)  # because the hotline's own user plays the file of any admin
