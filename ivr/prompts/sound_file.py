"""Measures a WAV file without any package: format, length, peak and mean level."""

import math
import operator
import sys
import wave
from array import array
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

_FULL_SCALE = 32_768
_CLIPPED = 32_700  # three samples in a row beyond this value were clipped


class NotWavError(Exception):
    """The file is no PCM WAV file."""


@dataclass(frozen=True, slots=True)
class SoundFile:
    """The format and the measurements of a file."""

    rate: int  # samples a second
    channels: int
    bits: int  # of one sample
    seconds: float
    mean: float  # dB below full scale; -inf if all samples are zero
    clipped: bool


def measure(path: Path) -> SoundFile:
    """Measure a WAV file; the levels of a file that is not 16 bit mono are not measured.

    Raises:
        NotWavError: the file is not PCM WAV.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, bits = file.getframerate(), file.getnchannels(), file.getsampwidth() * 8
            content = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotWavError(str(error)) from error
    if (channels, bits) != (1, 16):
        return SoundFile(rate, channels, bits, len(content) * 8 / (rate * channels * bits), 0.0, clipped=False)
    samples = array("h", content[: len(content) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    power = sum(map(operator.mul, samples, samples)) / max(len(samples), 1)
    mean = 10 * math.log10(power / _FULL_SCALE**2) if power else -math.inf
    return SoundFile(rate, channels, bits, len(samples) / rate, mean, _clips(samples))


def _clips(samples: "array[int]") -> bool:
    if max(samples, default=0) < _CLIPPED and min(samples, default=0) > -_CLIPPED:
        return False
    runs = groupby(abs(sample) >= _CLIPPED for sample in samples)
    return any(far_out and sum(1 for _sample in samples_of_run) >= 3 for far_out, samples_of_run in runs)
