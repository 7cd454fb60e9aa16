"""Adapters are judged on takes of which they have learnt neither the topic nor the voice."""

import pytest

from trials.bench.speech.adaptation.held_out import Fold, fold, split, topics_of_fold
from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance, Voice
from trials.bench.speech.corpus.takes import Take

VOICES = ("lan", "yan", "hong")
TOPIC_OF = {"老板不发工资": "12333", "养老金怎么领": "12333", "发票怎么开": "12366", "今天下雨了": "like 今天下雨了"}
TAKES = [
    Take(SampleUtterance(text, SampleKind.LINE, ()), Voice(voice, ()), 1.0) for text in TOPIC_OF for voice in VOICES
]
WAGES, LAN = {"12333"}, {"lan"}


def names(*, topics: set[str], voices: set[str]) -> set[str]:
    """Return the takes whose topic and voice are among these."""
    return {take.name for take in TAKES if TOPIC_OF[take.utterance.text] in topics and take.voice.name in voices}


def test_a_take_of_a_topic_or_a_voice_that_is_left_out_is_not_learnt() -> None:
    divided = split(TAKES, TOPIC_OF, WAGES, LAN)
    assert divided.learnt == names(topics=set(TOPIC_OF.values()) - WAGES, voices=set(VOICES) - LAN)


def test_takes_are_held_out_of_which_neither_topic_nor_voice_was_learnt() -> None:
    assert split(TAKES, TOPIC_OF, WAGES, LAN).held_out == names(topics=WAGES, voices=LAN)


@pytest.mark.parametrize(("topics", "voices"), [(WAGES, set[str]()), (set[str](), LAN)], ids=["topics", "voices"])
def test_if_topics_or_voices_alone_are_left_out_all_else_is_learnt(topics: set[str], voices: set[str]) -> None:
    divided = split(TAKES, TOPIC_OF, topics, voices)
    assert divided.held_out == names(topics=topics or set(TOPIC_OF.values()), voices=voices or set(VOICES))
    assert divided.learnt == {take.name for take in TAKES} - divided.held_out


def test_if_nothing_is_left_out_nothing_is_held_out() -> None:
    divided = split(TAKES, TOPIC_OF, (), ())
    assert divided.learnt == {take.name for take in TAKES}
    assert divided.held_out == set()


def test_each_topic_is_in_one_fold_whatever_the_order() -> None:
    topics = [f"topic {number}" for number in range(10)]
    folds = [topics_of_fold(topics, Fold(number, 3)) for number in (1, 2, 3)]
    assert sorted(topic for each in folds for topic in each) == sorted(topics)
    assert max(map(len, folds)) - min(map(len, folds)) <= 1
    assert [topics_of_fold(topics[::-1], Fold(number, 3)) for number in (1, 2, 3)] == folds


@pytest.mark.parametrize("text", ["1", "0/3", "4/3", "1/1", "a/3", "1/", "/3"])
def test_a_fold_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"{text} is no fold: 1/3 is the first of three"):
        fold(text)


def test_a_fold_is_read() -> None:
    assert fold("2/3") == Fold(2, 3)
