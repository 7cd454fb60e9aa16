"""Recordings of people, and a recogniser that hears them as callers."""

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.speech.recognizer import RATE, Heard, Recognizer, Vocabulary
from testkit.phones.tones import read_wav

VOICES = Path(__file__).parent / "voices"
FRAME = RATE // 50

Sound = NDArray[np.int16]

ALONE = pytest.mark.xdist_group("hears")
"""On what hears in earnest: one at a time, so that each has the processor that its deadlines take for granted."""


def silence(seconds: float) -> Sound:
    """Quiet, but not dead: a telephone line is never all zeros."""
    return np.random.default_rng(1).normal(0, 8, int(seconds * RATE)).astype(np.int16)


def voice(name: str) -> Sound:
    """Speech at 8 kHz after A-law; three Mandarin voices and one Korean voice, none of them the prompts'."""
    with wave.open(str(VOICES / f"{name}.wav")) as recording:
        assert recording.getframerate() == RATE
        return np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2").astype(np.int16)


def said_by(name: str, text: str) -> Sound:
    """Speech of one of several voices, at 8 kHz; none of them is the prompts'."""
    return read_wav(VOICES / name / f"{text}.wav")


def hear(recognizer: Recognizer, vocabulary: Vocabulary, *sounds: Sound) -> list[tuple[float, Heard]]:
    """Everything that is heard, each with the seconds of sound after which it was."""
    listener = recognizer.listen(vocabulary)
    whole = np.concatenate(sounds).astype("<i2")
    return [
        ((at + FRAME) / RATE, heard)
        for at in range(0, len(whole), FRAME)
        if (heard := listener.feed(whole[at : at + FRAME].tobytes()))
    ]
