"""Recordings of speech, and a recogniser that reads them as speech of callers."""

import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.speech import model_search, wire
from ivr.speech.reading_time import slowest_reading
from ivr.speech.recognizer import RATE, ListenerWork, RecognizedUtterance, Recognizer, Vocabulary
from testkit.phones.tones import read_wav

VOICES = Path(__file__).parent / "voices"
FRAME = RATE // 50

Sound = NDArray[np.int16]

NEEDS_RECOGNIZER = (
    pytest.mark.skipif(model_search.choose().found is None, reason="no recogniser: ivr speech install"),
    pytest.mark.usefixtures("recognizer_in_time"),
)
"""Marks of a test in which a recogniser has to answer a caller in time."""

ALONE = pytest.mark.xdist_group("hears")
"""Mark of a test with a real recogniser: these tests run one by one, because their deadlines need a free processor."""


def reading_time(found: model_search.FoundRecognizer) -> float:
    """Return the seconds that a reading takes on this machine, as a hotline measures at start: the best of three.

    Its priority is higher than that of tests that run meanwhile, as in the hotlines of `tests/calls/test_speech.py`.
    """
    command = ["nice", "--adjustment=-10", sys.executable, "-m", "ivr.speech.worker", *found.arguments()]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
    _kind, _caller, length = wire.header(done.stdout[: wire.HEADER])
    _name, seconds = wire.payload_ready(done.stdout[wire.HEADER : wire.HEADER + length])
    return seconds


def too_slow(seconds: float) -> str:
    """Return the reason for which a test is skipped if a reading takes ``seconds``."""
    return f"a reading takes {seconds:.2f} s on this machine, and {slowest_reading():.2f} s is the most"


def silence(seconds: float) -> Sound:
    """Return silence of a telephone line, which is never all zeros."""
    return np.random.default_rng(1).normal(0, 8, int(seconds * RATE)).astype(np.int16)


def voice(name: str) -> Sound:
    """Return speech at 8 kHz after A-law; of three Mandarin and one Korean voice, none is that of the prompts."""
    with wave.open(str(VOICES / f"{name}.wav")) as recording:
        assert recording.getframerate() == RATE
        return np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2").astype(np.int16)


def said_by(name: str, text: str) -> Sound:
    """Return a text in one of several voices, at 8 kHz; no voice is that of the prompts."""
    return read_wav(VOICES / name / f"{text}.wav")


def hear(recognizer: Recognizer, vocabulary: Vocabulary, *sounds: Sound) -> list[tuple[float, RecognizedUtterance]]:
    """Return each recognised utterance with the seconds of sound before it, as if steps took no time."""
    listener, utterances = recognizer.listen(vocabulary), []
    whole = np.concatenate(sounds).astype("<i2")
    for at in range(0, len(whole), FRAME):
        heard = listener.feed(whole[at : at + FRAME].tobytes())
        while not heard and listener.work is not ListenerWork.NONE:
            heard = listener.step()
        if heard:
            utterances.append(((at + FRAME) / RATE, heard))
    return utterances
