"""The noise behind a caller: a street, an office, a television. Made at run time, and another for each set."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from testkit.phones.tones import RATE
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import OPEN, PROOF, TUNING, SampleKind

SECONDS = 60

SEEDS = {TUNING: 12, PROOF: 345, OPEN: 678}
TALK = {TUNING: TUNING, PROOF: OPEN, OPEN: OPEN}
"""The set whose voices talk in an office and on television."""

_NEAR = 0.3  # seconds of silence at most between two sentences of a speaker
_NOTES = (0, 2, 4, 7, 9, 12)  # semitones of a tune

Wave = NDArray[np.float64]


class NoiseKind(StrEnum):
    """The kind of a background noise."""

    STREET = "street"
    OFFICE = "office"
    TELEVISION = "TV"


class Noises:
    """The noises of one set, each made when it is first wanted."""

    def __init__(self, set_name: str) -> None:
        """``set_name`` decides about voices, tunes and what passes by."""
        self._set = set_name
        self._made: dict[NoiseKind, Wave] = {}

    def stream(self, kind: NoiseKind, random: np.random.Generator) -> "Stream":
        """Return endless noise from a random place on."""
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        whole = self._made[kind]
        return Stream(whole, int(random.integers(len(whole))))

    def load(self) -> None:
        """Make all noises beforehand, which takes seconds."""
        for kind in NoiseKind:
            self._made[kind] = self._make(kind)

    def _make(self, kind: NoiseKind) -> Wave:
        random = np.random.default_rng([SEEDS[self._set], list(NoiseKind).index(kind)])
        match kind:
            case NoiseKind.STREET:
                noise = _street(random)
            case NoiseKind.OFFICE:
                noise = sum(self._talk(random) for _ in range(5)) + 0.4 * _hum(random) + 0.3 * _keys(random)
            case NoiseKind.TELEVISION:
                noise = self._talk(random) + 0.35 * _music(random)
        return noise * 32768 / np.sqrt(np.mean(noise**2))

    def _talk(self, random: np.random.Generator) -> Wave:
        """Return a speaker who never stops, of RMS 1."""
        takes = [take for take in recordings.recorded(TALK[self._set]) if take.utterance.kind is SampleKind.NONE]
        voices = sorted({take.voice.name for take in takes})
        voice = voices[int(random.integers(len(voices)))]
        speech = [recordings.samples(TALK[self._set], take) for take in takes if take.voice.name == voice]
        random.shuffle(speech)
        parts, length = list[Wave](), 0
        for samples in cycle(speech):
            pause = np.zeros(round(random.uniform(0, _NEAR) * RATE))
            parts += [samples.astype(np.float64), pause]
            length += len(samples) + len(pause)
            if length >= SECONDS * RATE:
                break
        talk = np.concatenate(parts)[: SECONDS * RATE]
        return talk / np.sqrt(np.mean(talk**2))


class Stream:
    """Endless noise whose RMS is full scale."""

    def __init__(self, whole: Wave, start: int) -> None:
        """Begin at ``start`` of ``whole``, which is repeated."""
        self._whole, self._at = whole, start

    def next(self, length: int) -> Wave:
        """Return the next samples."""
        places = np.arange(self._at, self._at + length) % len(self._whole)
        self._at += length
        noise: Wave = self._whole[places]
        return noise


def _pink(random: np.random.Generator, power: float = 0.5) -> Wave:
    """Return noise that falls with the frequency, of RMS 1."""
    length = SECONDS * RATE
    spectrum = np.fft.rfft(random.normal(0, 1, length))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** power
    spectrum[: 60 * SECONDS] = 0  # below 60 Hz a telephone hears nothing
    noise = np.fft.irfft(spectrum, length)
    return noise / noise.std()


def _hum(random: np.random.Generator) -> Wave:
    """Return ventilation."""
    return _pink(random, 0.8)


def _street(random: np.random.Generator) -> Wave:
    """Return rumble, engines that pass by, and horns."""
    at = np.arange(SECONDS * RATE) / RATE
    street = _pink(random) * (1 + 0.5 * np.sin(2 * np.pi * at / random.uniform(5, 9)))
    for passes in _moments(random, 4.0):
        near = np.exp(-(((at - passes) / random.uniform(0.7, 1.8)) ** 2))
        pitch = 2 * np.pi * np.cumsum(random.uniform(60, 130) * (1 - 0.1 * np.tanh(at - passes))) / RATE
        engine = sum(np.sin(n * pitch + random.uniform(0, 6)) / n for n in range(1, 14))
        street += near * (1.2 * engine + 0.8 * _pink(random, 0.3))
    for begins in _moments(random, 9.0):
        horn = (at >= begins) & (at < begins + random.uniform(0.2, 1.2))
        low, high = random.uniform(350, 450), random.uniform(480, 560)
        street += 1.5 * horn * (np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * high * at))
    return street


def _keys(random: np.random.Generator) -> Wave:
    """Return typing, of RMS 1."""
    clicks = np.zeros(SECONDS * RATE)
    for moment in _moments(random, 0.25):
        start = round(moment * RATE)
        click = random.normal(0, 1, 160) * np.exp(-np.arange(160) / 25)
        clicks[start : start + 160] += click[: len(clicks) - start]
    return clicks / clicks.std()


def _music(random: np.random.Generator) -> Wave:
    """Return a plucked tune over a bass, of RMS 1."""
    music, root = np.zeros(SECONDS * RATE), random.uniform(180, 260)
    beat = random.uniform(0.25, 0.45)
    for step in range(int(SECONDS / beat)):
        start = round(step * beat * RATE)
        at = np.arange(min(RATE, len(music) - start)) / RATE
        tone = root * 2 ** (random.choice(_NOTES) / 12)
        for hertz, loud, decay in ((tone, 1.0, 4), (root / 2 if step % 4 == 0 else 0, 0.8, 2)):
            pluck = sum(np.sin(2 * np.pi * hertz * n * at) / n**1.5 for n in range(1, 5))
            music[start : start + len(at)] += loud * pluck * np.exp(-decay * at)
    return music / music.std()


def _moments(random: np.random.Generator, every: float) -> Iterator[float]:
    """Yield random moments, ``every`` seconds apart on the average."""
    moment = random.exponential(every)
    while moment < SECONDS:
        yield moment
        moment += random.exponential(every)
