"""Of what a caller says, the words around the matter are left out."""

import pytest

from ivr.intents.wording import corrected, matter


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("不是社保，是公积金", "公积金"),
        ("不是社保是医保", "医保"),
        ("不是我要办护照", "办护照"),
        ("不是快递我要找税务局", "找税务局"),
        ("错了我要的是公积金", "公积金"),
        ("不对我是说路灯坏了", "路灯坏了"),
        ("社保，哦不对，我是说公积金", "公积金"),
        ("不是，公积金", "公积金"),
        ("不是社保市公积金", "公积金"),
    ],
)
def test_of_a_correction_the_last_part_counts(said: str, counts: str) -> None:
    assert corrected(said) == counts


@pytest.mark.parametrize(
    "said", ["是不是地震了", "那个煤气罐是不是不合格", "秤不对少了二两", "公司不给我交社保", "不是", "不对", ""]
)
def test_an_utterance_without_correction_stays_whole(said: str) -> None:
    assert corrected(said) == said


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("呃那个你好我想问一下公积金提取谢谢", "公积金提取"),
        ("请问怎么办护照", "怎么办护照"),
        ("你好", "你好"),
        ("", ""),
    ],
)
def test_politeness_and_hesitation_are_left_out_unless_nothing_else_was_said(said: str, left: str) -> None:
    assert matter(said) == left
