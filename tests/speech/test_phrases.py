"""A vocabulary's phrases by their sound."""

import pytest

from ivr.speech import wire
from ivr.speech.recognizer import Vocabulary
from ivr.speech.recognizers.phrase_sounds import Phrases

MENU = Vocabulary("main", ("医保报销", "医保", "社保", "重听", "救命"), frozenset({"救命", "喘不过气"}))


def test_a_misreading_is_compared_with_the_nearest_phrases_of_its_length() -> None:
    assert Phrases(MENU).like("设报", 1) == ["社保"]
    assert Phrases(MENU).like("医保包销", 2) == ["医保报销"]
    assert Phrases(MENU).like("我想问一下医保报销的事", 2) == []


@pytest.mark.parametrize(
    ("text", "cried"),
    [
        ("旧瓶", ["救命"]),
        ("快来人就命啊", ["快来人救命啊"]),
        ("孩子卡住了传播过去", ["孩子卡住了喘不过气"]),
        ("快来人救命啊", []),
        ("我想问一下社保", []),
        ("", []),
    ],
)
def test_a_reading_is_compared_with_the_cries_for_help_that_it_may_be_a_misreading_of(
    text: str, cried: list[str]
) -> None:
    assert Phrases(MENU).texts_with_cry(text, 1) == cried


def test_characters_do_not_matter_if_the_sound_is_the_same() -> None:
    assert Phrases(MENU).sounds_as("社保", "设保")
    assert not Phrases(MENU).sounds_as("社保", "蛇报销")


@pytest.mark.parametrize(
    ("text", "whole"),
    [("社保", True), ("医保包销", True), ("社报", True), ("医保报", False), ("今天天气怎么样", False), ("", False)],
)
def test_a_phrase_is_whole_however_it_is_written(text: str, whole: bool) -> None:
    assert Phrases(MENU).is_whole(text) is whole


def test_without_phrases_no_text_is_a_whole_phrase() -> None:
    assert not Phrases(Vocabulary("main", ())).is_whole("社保")


def test_cries_for_help_stay_marked_on_the_way_to_the_recogniser() -> None:
    assert wire.payload_listen(wire.listen_payload(MENU, (), 0)) == (MENU, (), 0)
