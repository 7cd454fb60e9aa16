"""The bench counts rightly: what became of an utterance, and when a prompt ended."""

from datetime import date

import numpy as np
import pytest

from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.site.asterisk_settings import RECORDINGS
from ivr.speech.recognizer import Heard as Understood
from testkit.hotline.prompts import audio
from testkit.hotline.running import ROOT
from testkit.phones.tones import RATE
from trials.bench.speech.barge import overruns
from trials.bench.speech.calls import PROMPT, Caller, Heard
from trials.bench.speech.meaning import Menu, Verdict
from trials.bench.speech.utterances import Group, said_by, speech, voices
from trials.bench.speech.watch import Watch


class Nobody:
    """A session that is told of nothing."""

    def on_heard(self, heard: Understood) -> None: ...

    def on_speaking(self, speaking: bool) -> None: ...

    def on_deaf(self) -> None: ...


@pytest.fixture(scope="module")
def menu() -> Menu:
    return Menu(read(ROOT / "numbers.yaml", recorded(RECORDINGS)), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("group", "said", "heard", "verdict"),
    [
        (Group.DEPARTMENTS, "社保", "社保", Verdict.RIGHT),
        (Group.DEPARTMENTS, "社保", "养老金", Verdict.RIGHT),  # the same line
        (Group.DEPARTMENTS, "社保", "护照", Verdict.WRONG),
        (Group.DEPARTMENTS, "社保", "着火了", Verdict.WRONG),
        (Group.DEPARTMENTS, "社保", "今天天气怎么样", Verdict.UNDECIDED),
        (Group.DEPARTMENTS, "社保", "", Verdict.UNDECIDED),
        (Group.MENU, "转人工", "转人工", Verdict.RIGHT),
        (Group.YES_NO, "不是", "不对", Verdict.RIGHT),
        (Group.YES_NO, "不是", "是的", Verdict.WRONG),
        (Group.YES_NO, "不是", "护照", Verdict.UNDECIDED),
        (Group.EMERGENCIES, "着火了", "着火了", Verdict.RIGHT),
        (Group.EMERGENCIES, "着火了", "", Verdict.UNDECIDED),
        (Group.OUTSIDE, "帮我放一首歌", "今天天气怎么样", Verdict.RIGHT),
        (Group.OUTSIDE, "帮我放一首歌", "护照", Verdict.WRONG),
        (Group.NO_EMERGENCIES, "我家以前着过火", "着火了", Verdict.WRONG),
    ],
)
def test_what_became_of_an_utterance(menu: Menu, group: Group, said: str, heard: str, verdict: Verdict) -> None:
    assert menu.verdict(group, said, heard) is verdict


def test_everything_that_is_said_is_meant_as_its_group_says(menu: Menu) -> None:
    for voice in voices():
        for utterance in said_by(voice, *Group):
            assert len(utterance.samples) > RATE / 10
            assert menu.verdict(utterance.group, utterance.text, utterance.text) is Verdict.RIGHT


def test_an_answer_belongs_to_what_was_said_just_before() -> None:
    said = speech(list(said_by(voices()[0], Group.YES_NO))[:3], 1.4)
    (_one, first, _end), _two, (_three, _begins, end) = said.utterances
    caller = Caller("x", said, Group.YES_NO, watch=Watch(Nobody(), begun=100.0))
    caller.heard = [Heard("不是", 99.0, 100 - first + end, 0, 0)]
    assert [heard.text if heard else None for _utterance, heard in caller.answers()] == [None, None, "不是"]


@pytest.mark.parametrize("longer", [0.0, 0.12, 0.7])
def test_how_long_a_prompt_goes_on_is_seen_in_a_recording(longer: float) -> None:
    prompt, quiet = audio(PROMPT), np.zeros(RATE, np.int16)
    played = 2.3  # seconds, in the middle of a word
    first, other = (prompt[: round((played + more) * RATE)] for more in (longer, 0.0))
    recording = np.concatenate([quiet, first, quiet[: RATE // 2], other, quiet])
    begins = [50.0, 50.0 + len(first) / RATE + 0.5]
    answers = [Heard("是", at, at + 2, at + played, at + played + 0.01) for at in begins]
    found = overruns(recording, prompt, begins, answers)
    assert found[0] == pytest.approx(longer, abs=0.1)
    assert found[1] == pytest.approx(0.0, abs=0.1)
