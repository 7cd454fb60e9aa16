"""A vocabulary's phrases by their sound."""

import pytest

from ivr.speech import wire
from ivr.speech.recognizer import Vocabulary
from ivr.speech.recognizers.phrases import Phrases, apart, syllables

MENU = Vocabulary("main", ("医保报销", "医保", "社保", "重听", "救命"), frozenset({"救命"}))


def test_the_nearest_phrases_come_first() -> None:
    assert Phrases(MENU).nearest("设报", 2)[0] == "社保"
    assert set(Phrases(MENU).nearest("我想问一下医保报销的事", 2)) == {"医保报销", "医保"}


@pytest.mark.parametrize(
    ("text", "whole"),
    [("社保", True), ("医保包销", True), ("社报", True), ("医保报", False), ("今天天气怎么样", False), ("", False)],
)
def test_a_phrase_is_whole_however_it_is_written(text: str, whole: bool) -> None:
    assert Phrases(MENU).is_whole(text) is whole


def test_where_there_are_no_phrases_none_is_whole() -> None:
    assert not Phrases(Vocabulary("main", ())).is_whole("社保")


def test_what_has_no_sound_is_far_from_everything() -> None:
    assert apart("...", "社保") == 1.0
    assert syllables("12345 hello 社保") == 7


def test_cries_for_help_stay_marked_on_the_way_to_the_recogniser() -> None:
    assert wire.payload_vocabulary(wire.vocabulary_payload(MENU)) == MENU
