"""Texts packed as branches of one tree."""

import pytest

pytest.importorskip("numpy")

from ivr.speech.recognizers.packed import UNSEEN, Packed, pack

START = (90, 91)


def sees(packed: Packed, at: int) -> list[int]:
    """The tokens that the one at a place sees, in order."""
    return [token for token, hidden in zip(packed.tokens, packed.unseen[at], strict=True) if hidden == 0]


def follows(packed: Packed, text: int) -> list[tuple[list[int], int]]:
    """What each token of a text follows, and the token."""
    return [(sees(packed, packed.rows[row]), token) for row, token in packed.wanted[text]]


def test_each_token_follows_its_own_text_and_no_other() -> None:
    packed = pack(START, [(1, 2, 3), (4, 5), (6,)])
    assert follows(packed, 0) == [([90, 91], 1), ([90, 91, 1], 2), ([90, 91, 1, 2], 3)]
    assert follows(packed, 1) == [([90, 91], 4), ([90, 91, 4], 5)]
    assert follows(packed, 2) == [([90, 91], 6)]


def test_what_texts_begin_with_alike_is_there_once() -> None:
    packed = pack(START, [(1, 2, 3), (1, 2, 4), (1, 5)])
    assert packed.tokens == [90, 91, 1, 2]
    assert follows(packed, 1) == [([90, 91], 1), ([90, 91, 1], 2), ([90, 91, 1, 2], 4)]
    assert follows(packed, 2) == [([90, 91], 1), ([90, 91, 1], 5)]


def test_a_text_that_is_the_beginning_of_another_is_whole() -> None:
    packed = pack(START, [(1, 2), (1, 2, 3)])
    assert follows(packed, 0) == follows(packed, 1)[:2]


def test_positions_count_within_a_text() -> None:
    packed = pack(START, [(1, 2, 3), (4, 5, 6)])
    assert packed.positions == [0, 1, 2, 3, 2, 3]


def test_the_same_token_after_different_ones_is_another() -> None:
    packed = pack(START, [(1, 7, 8), (2, 7, 9)])
    assert follows(packed, 0)[-1] == ([90, 91, 1, 7], 8)
    assert follows(packed, 1)[-1] == ([90, 91, 2, 7], 9)


def test_nothing_sees_what_comes_later() -> None:
    packed = pack(START, [(1, 2, 3), (4, 5)])
    for at in range(len(packed.tokens)):
        assert all(hidden == UNSEEN for hidden in packed.unseen[at, at + 1 :])
