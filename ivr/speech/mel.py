"""The log-mel spectrogram that Whisper reads: 80 mel bands, 100 columns a second (Radford et al. 2022, section 2.2)."""

import numpy as np

from ivr.speech.sound import MODEL_RATE, Samples

HOP = 160  # samples for each column
_BANDS = 80
_WINDOW = 400  # samples, 25 ms
_SILENT = -10.0  # log10 of the power of silence
_FLOOR = 8.0  # powers of ten below the loudest place; everything fainter is raised to it


def _bands() -> Samples:
    """Return the weights of each band, shape (80, 201): Slaney's mel scale, linear up to 1 kHz, then logarithmic."""
    top = 15 + np.log(MODEL_RATE / 2 / 1000) / (np.log(6.4) / 27)
    mels = np.linspace(0, top, _BANDS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    frequencies = np.linspace(0, MODEL_RATE / 2, _WINDOW // 2 + 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((frequencies - low) / (middle - low), (high - frequencies) / (high - middle))
    weights: Samples = (np.maximum(triangles, 0) * 2 / (high - low)).astype(np.float32)
    return weights


_WEIGHTS = _bands()
_HANN = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


def log_mel_spectrogram(samples: Samples, columns: int) -> Samples:
    """Return the spectrogram of ``samples`` (at `MODEL_RATE`), shape (80, columns).

    A shorter sound is followed by silence, a longer one is cut.
    """
    sounding = min(columns, len(samples) // HOP + 2)
    padded = np.zeros(sounding * HOP + _WINDOW // 2, dtype=np.float32)
    padded[: min(len(samples), len(padded))] = samples[: len(padded)]
    padded = np.pad(padded, (_WINDOW // 2, 0), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[: sounding * HOP : HOP] * _HANN
    power = np.abs(np.fft.rfft(windows)) ** 2
    bands = np.full((_BANDS, columns), _SILENT, dtype=np.float32)
    bands[:, :sounding] = np.log10(np.maximum(_WEIGHTS @ power.T.astype(np.float32), 10**_SILENT))
    shown: Samples = (np.maximum(bands, bands.max() - _FLOOR) + 4) / 4
    return shown
