"""A syllable is misread if no pronunciation of what was written, without the tone, is what was said."""

import pytest

from trials.bench.speech.adaptation.misread import MisreadSyllables, misread_difference, misread_syllables


@pytest.mark.parametrize(
    ("said", "heard", "count"),
    [
        ("公积金", "公积金", 0),
        ("公积金", "工机今。", 0),  # other characters and tones, the same syllables
        ("公积金", "公金", 1),
        ("公积金", "公共积金", 1),
        ("公积金", "公鸡蛋", 1),
        ("公积金", "", 3),
        ("公积金", "今天天气真的很不错啊", 3),  # no more than were said
    ],
)
def test_misread_syllables(said: str, heard: str, count: int) -> None:
    assert misread_syllables(said, heard) == MisreadSyllables(count, len(said))


def test_the_difference_of_the_same_readings_is_nil() -> None:
    counts = [MisreadSyllables(1, 4), MisreadSyllables(0, 6)]
    difference = misread_difference(counts, counts)
    assert difference is not None
    assert (difference.before, difference.after, difference.low, difference.high) == (0.1, 0.1, 0.0, 0.0)


def test_takes_that_differ_much_have_a_wide_interval_around_their_difference() -> None:
    before = [MisreadSyllables(5, 10)] * 40
    alike = misread_difference(before, [MisreadSyllables(3, 10)] * 40)
    apart = misread_difference(before, [MisreadSyllables(0, 10), MisreadSyllables(6, 10)] * 20)
    assert alike is not None and apart is not None
    assert (alike.low, alike.high) == pytest.approx((-0.2, -0.2))
    assert apart.after - apart.before == pytest.approx(-0.2)
    assert -0.32 < apart.low < -0.25 < -0.15 < apart.high < -0.08  # a standard deviation of 0.3 over 40 takes
    assert str(alike) == "50.0 % | 30.0 % (−20.0 to −20.0) | 40"


def test_without_takes_there_is_no_difference() -> None:
    assert misread_difference([], []) is None
