"""The reading of a text aloud."""

import pytest

from ivr.prompts.reading import is_fragment, sentences, spoken, syllables


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12345", "幺二三四五"),
        ("郴州12345政务服务便民热线", "郴州幺二三四五政务服务便民热线"),
        ("请直接拨打110、119、120、122。", "请直接拨打幺幺零、幺幺九、幺二零、幺二二。"),
        ("07352912345", "零七三五二九幺二三四五"),
        ("请按1；请按0。", "请按一；请按零。"),  # a key, not a number
        ("2024年1月", "二零二四年一月"),
        ("没有数字", "没有数字"),
        ("", ""),
        ("１２３", "１２３"),  # full-width digits are no telephone number of ours
    ],
)
def test_digits_are_read_one_by_one_and_one_is_yao_in_a_number(written: str, read: str) -> None:
    assert spoken(written) == read


def test_the_voice_takes_a_breath_after_each_sentence_and_each_key_of_a_menu() -> None:
    assert sentences("反映问题，请按1；转人工，请按0。再见！") == ["反映问题，请按1；", "转人工，请按0。", "再见！"]


@pytest.mark.parametrize(
    ("text", "fragment"), [("您拨打的号码", True), ("九", True), ("已签出。", False), ("好吗？", False)]
)
def test_a_text_without_an_end_joins_the_next(text: str, *, fragment: bool) -> None:
    assert is_fragment(text) is fragment


def test_every_character_and_digit_is_a_syllable() -> None:
    assert syllables("您好，12345。") == 7
