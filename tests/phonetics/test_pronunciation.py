"""Syllables that southern speakers confuse are close to each other."""

import pytest

from ivr.phonetics.pronunciation import differ, plain, sounds
from ivr.phonetics.syllables import CLOSE, apart

SOUTHERN = "zhi/zi chi/ci shi/si nan/lan hu/fu hui/fei hua/fa lin/ling men/meng ban/bang ren/len lian/liang guan/guang"


@pytest.mark.parametrize("pair", SOUTHERN.split())
def test_southern_confusions_are_close(pair: str) -> None:
    first, second = pair.split("/")
    assert 0 < apart(first, second) <= CLOSE
    assert apart(first, second) == apart(second, first)


@pytest.mark.parametrize("pair", ["gui/yang", "ba/qiong", "shui/dian"])
def test_syllables_with_nothing_in_common_are_far_apart(pair: str) -> None:
    assert apart(*pair.split("/")) == 1


@pytest.mark.parametrize(
    ("first", "second"), [("yin", "jin"), ("wen", "gun"), ("you", "liu"), ("yu", "ju"), ("wei", "hui")]
)
def test_spelling_hides_no_common_half(first: str, second: str) -> None:
    assert 0 < apart(first, second) < 1


def test_a_character_sounds_like_all_its_readings() -> None:
    (again,) = sounds("重")
    for character in "种虫":
        assert differ(again, sounds(character)[0]) < 0.1
    assert differ(sounds("贵")[0], sounds("桂")[0]) < 0.1
    assert differ(sounds("桂")[0], sounds("桂")[0]) == 0


def test_only_chinese_characters_and_digits_have_a_sound() -> None:
    assert plain("请问，１２３３３ (OK) 幺二〇?!") == "请问一二三三三一二零"
    assert plain("𠀀\ud800𪚥嗧") == ""
    assert len(plain("好" * 100_000)) == 40


def test_a_hum_has_the_sound_of_a_hum() -> None:
    assert sounds("嗯")[0].readings[0] == "en"
