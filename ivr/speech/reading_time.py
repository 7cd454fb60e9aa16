"""The time that a recogniser needs for a reading on this machine, and whether it is short enough for calls."""

import time
import wave

from ivr.shipped import RECORDINGS
from ivr.speech.backlog import PATIENCE
from ivr.speech.recognizer import Recognizer, Vocabulary
from ivr.texts import _

_READINGS = 2  # a caller's words wait for two readings: one of another caller on the same core, and their own
_TRIES = 3  # a machine that is busy for a moment is not slow
_RECORDING = RECORDINGS / "zh" / "name" / "12333.wav"  # 人力资源和社会保障, 2 s
_ALIKE = Vocabulary(
    "sample", ("人力资源和社会保险", "人力资源社会保障", "人力资源和社会保障局", "人力资源和社会保障卡")
)


def slowest_reading(patience: float = PATIENCE) -> float:
    """Return the seconds that a reading may take if callers' words may wait ``patience`` seconds."""
    return patience / _READINGS


def reading_time(recognizer: Recognizer) -> float:
    """Return the seconds that one reading takes now; the sample is as long as callers' utterances are."""
    with wave.open(str(_RECORDING)) as recording:
        sound = recording.readframes(recording.getnframes())
    began = time.perf_counter()
    recognizer.read_sample(sound, _ALIKE)
    return time.perf_counter() - began


def best_reading_time(recognizer: Recognizer) -> float:
    """Measure the time of a reading a few times; return the shortest, in seconds."""
    return min(reading_time(recognizer) for _try in range(_TRIES))


def in_words(name: str, seconds: float, patience: float = PATIENCE) -> str:
    """Return the time of a reading in words and, if it is too long for calls, the consequence."""
    if seconds <= slowest_reading(patience):
        return _("{name} reads an utterance in {seconds:.2f} s").format(name=name, seconds=seconds)
    text = _(
        "{name} is too slow for calls on this machine, callers press keys: it reads an utterance in {seconds:.2f} s, "
        "and {limit:.2f} s is the most"
    )
    return text.format(name=name, seconds=seconds, limit=slowest_reading(patience))


def advice() -> str:
    """Return the advice for an admin whose recogniser is too slow."""
    return _(
        "give the hotline faster cores, or end other programs on this machine; "
        "the hotline then measures again by itself"
    )
