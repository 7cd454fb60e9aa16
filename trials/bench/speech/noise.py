"""What is no speech: made here, so that it is the same on every machine."""

import wave
from collections.abc import Mapping

import numpy as np

from ivr.site.asterisk_settings import RECORDINGS
from ivr.speech.sound import telephone
from testkit.phones.tones import RATE, Samples
from tests.speech.listening import silence
from trials.bench.speech.utterances import Group, said_by, voices

SECONDS = 20


def noises() -> Mapping[str, Samples]:
    """Each kind by its name, `SECONDS` long."""
    return {"silence": silence(SECONDS), "music": _music(), "street noise": _street(), "a crowd's voices": _crowd()}


def _music() -> Samples:
    with wave.open(str(RECORDINGS / "music" / "hold.wav")) as music:
        samples = np.frombuffer(music.readframes(SECONDS * music.getframerate()), dtype="<i2")
        return np.frombuffer(telephone(samples, music.getframerate()), dtype="<i2")


def _street() -> Samples:
    """Rumble, engines that pass by, horns."""
    random, at = np.random.default_rng(5), np.arange(SECONDS * RATE) / RATE
    spectrum = np.fft.rfft(random.normal(0, 1, len(at)))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))  # pink: as much in each octave
    rumble = np.fft.irfft(spectrum, len(at))
    street = rumble / rumble.std() * 900 * (1 + 0.5 * np.sin(2 * np.pi * at / 7))
    for passes, hertz in ((3, 85), (9, 110), (15, 70)):
        near = np.exp(-(((at - passes) / 1.2) ** 2))
        pitch = 2 * np.pi * np.cumsum(hertz * (1 - 0.1 * np.tanh(at - passes))) / RATE
        street += near * sum(1500 / n * np.sin(n * pitch) for n in range(1, 12))
    for begins, seconds in ((5, 0.4), (5.7, 0.8), (12, 1.5), (17, 0.3)):
        horn = (at >= begins) & (at < begins + seconds)
        street += horn * 2500 * (np.sin(2 * np.pi * 410 * at) + np.sin(2 * np.pi * 515 * at))
    return np.clip(street, -32768, 32767).astype(np.int16)


def _crowd() -> Samples:
    """Four voices at once, far away: no word of it can be made out."""
    crowd = np.zeros(SECONDS * RATE)
    for place, voice in enumerate(voices()[:4]):
        talk = np.concatenate([utterance.samples for utterance in said_by(voice, Group.OUTSIDE, Group.DEPARTMENTS)])
        crowd += 0.12 * np.resize(np.roll(talk, place * 3 * RATE), len(crowd))
    return crowd.astype(np.int16)
