"""A long number that a caller says is masked in records, in logs and on phones."""

import pytest

from ivr.call_events.masking import MASK, mask_numbers


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("我的电话是13812345678", f"我的电话是{MASK}"),
        ("我的电话是138 1234 5678，请回电", f"我的电话是{MASK}，请回电"),
        ("电话138-1234-5678", f"电话{MASK}"),
        ("电话一三八一二三四五六七八", f"电话{MASK}"),
        ("电话幺三八，幺二三四，五六七八", f"电话{MASK}"),
        ("身份证号43100219800101123X", f"身份证号{MASK}X"),
        ("身份证号四三一零零二一九八〇", f"身份证号{MASK}"),
        ("１３８１２３４５６７８", MASK),
        ("工单号20261", f"工单号{MASK}"),
        ("我住三栋二零一", "我住三栋二零一"),
        ("2024年的事", "2024年的事"),
        ("一二三四", "一二三四"),
        ("今天天气真好", "今天天气真好"),
        ("", ""),
    ],
)
def test_a_number_of_five_digits_or_more_is_masked(words: str, masked: str) -> None:
    assert mask_numbers(words) == masked


@pytest.mark.parametrize("words", ["我要打12333", "转一二三三三", "幺二三三三"])
def test_a_number_of_the_registry_stays_readable(words: str) -> None:
    assert mask_numbers(words, {"12333"}) == words


def test_a_longer_number_that_holds_one_of_the_registry_is_masked() -> None:
    assert mask_numbers("123331", {"12333"}) == MASK


def test_the_mask_has_one_length_for_every_number() -> None:
    assert mask_numbers("1" * 5) == mask_numbers("1" * 70) == MASK
