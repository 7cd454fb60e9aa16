"""Words that a recogniser wrote wrongly for their sound are read as words of the known texts."""

from functools import cache

import pytest

pytest.importorskip("rjieba")

from ivr.meaning.respelling import Respelling


@cache
def known() -> Respelling:
    return Respelling(["网速", "人工客服", "公积金提取", "食品安全", "苏仙区", "医保报销"])


@pytest.mark.parametrize(
    ("heard", "read"),
    [
        ("王素太慢了找克服也没用", "网速太慢了找客服也没用"),
        ("我的公鸡金怎么提", "我的公积金怎么提"),
        ("数仙区的事", "苏仙区的事"),
        ("一保包销", "医保报销"),
    ],
)
def test_a_word_that_sounds_nearly_like_a_known_word_is_read_as_it(heard: str, read: str) -> None:
    assert known()(heard) == read


@pytest.mark.parametrize("text", ["今天天气怎么样", "医保报销", "好", ""])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert known()(text) == text


def test_only_chinese_characters_are_left() -> None:
    assert known()("ok，公积金！\ud800") == "公积金"


def test_without_known_texts_nothing_is_rewritten() -> None:
    assert Respelling([])("王素太慢") == "王素太慢"
