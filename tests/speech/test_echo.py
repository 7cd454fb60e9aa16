"""A prompt that a phone sends back is no utterance; a caller's speech is one."""

import numpy as np
import pytest

from ivr.speech import echo
from ivr.speech.recognizer import RATE
from ivr.speech.sound import Samples, samples
from testkit.hotline.heard_prompts import audio
from testkit.hotline.running import ROOT
from tests.speech.listening import silence, voice

PROMPTS = ("opening", "menu-main", "menu-speech-invitation")
TIMELINE = tuple(str(ROOT / "recordings" / "zh" / f"{prompt}.wav") for prompt in PROMPTS)
WORDS = ("buyao", "gongjijin-tiqu", "huzhao", "ludeng-bu-liang", "meicuo", "zhaohuo-le", "zhuan-rengong")


def echo_of_prompts(begin: float, seconds: float, decibels: float = 20) -> Samples:
    """Return a stretch of the prompts as a phone sends it back over a line with noise."""
    prompts = np.concatenate([audio(prompt) for prompt in PROMPTS])[round(begin * RATE) :][: round(seconds * RATE)]
    sound = prompts * 10 ** (-decibels / 20) + silence(len(prompts) / RATE)[: len(prompts)]
    return samples(sound.astype("<i2").tobytes())


def stretches(seconds: float) -> list[float]:
    """Return the beginnings of stretches of ``seconds``, each within one prompt."""
    begins, start = [], 0.0
    for prompt in PROMPTS:
        length = len(audio(prompt)) / RATE
        begins += [start + at for at in np.arange(0.2, length - seconds - 0.1, 0.6)]
        start += length
    return begins


@pytest.mark.parametrize("decibels", [17, 20, 25])
def test_the_echo_of_a_prompt_is_recognised_at_any_time(decibels: float) -> None:
    is_echo = echo.detector((TIMELINE,))
    missed = [
        (begin, late)
        for begin in stretches(1.4)
        for late in (0.06, 0.2, 0.5)
        if not is_echo(echo_of_prompts(begin, 1.4, decibels), begin + late)
    ]
    assert len(missed) <= 1, missed


@pytest.mark.parametrize("loudness", [1.0, 0.35])
def test_speech_over_a_prompt_is_no_echo(loudness: float) -> None:
    is_echo = echo.detector((TIMELINE,))
    for word in WORDS:
        speech = samples((voice(word) * loudness).astype("<i2").tobytes())
        assert not any(is_echo(speech, begin) for begin in np.arange(0, 14, 0.4)), word


def test_speech_into_the_echo_is_no_echo() -> None:
    is_echo = echo.detector((TIMELINE,))
    speech = samples(voice("ludeng-bu-liang").astype("<i2").tobytes())
    both = echo_of_prompts(4, len(speech) / RATE)[: len(speech)] + speech
    assert not is_echo(both, 4.1)


def test_a_prompt_that_is_not_playing_is_no_echo() -> None:
    assert not echo.detector((TIMELINE,))(echo_of_prompts(3, 1.5), 15.0)
    assert not echo.detector(())(echo_of_prompts(3, 1.5), 3.1)
