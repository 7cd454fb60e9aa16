"""Phrases are found by their sound without an alignment of each."""

from ivr.phonetics.align import align, align_within, hear
from ivr.phonetics.nearest import SoundSearch, compare_all
from ivr.phonetics.pronunciation import sounds
from ivr.phonetics.sound_terms import sound_terms

PHRASES = ["公积金提取", "社保卡丢了", "护照", "着火了", "家里停电", "路灯不亮"]
SAID = ["我想问一下公鸡今提取", "社包卡掉了怎么办", "路灯不亮", "山上找回了", "啦啦啦"]


def test_the_least_distance_is_never_above_the_distance() -> None:
    search = SoundSearch({phrase: sounds(phrase) for phrase in PHRASES})
    for text in SAID:
        heard = hear(text)
        for least, _phrase, phrase_sounds in search.promising(heard, 1.0):
            assert least <= align(phrase_sounds, (1.0,) * len(phrase_sounds), heard).cost / len(phrase_sounds) + 1e-9


def test_a_phrase_within_a_cost_is_found_where_it_stands_and_any_other_is_not() -> None:
    for text in SAID:
        heard = hear(text)
        for phrase in PHRASES:
            phrase_sounds = sounds(phrase)
            fit = align(phrase_sounds, (1.0,) * len(phrase_sounds), heard)
            assert align_within(phrase_sounds, (1.0,) * len(phrase_sounds), heard, fit.cost) == fit
            assert align_within(phrase_sounds, (1.0,) * len(phrase_sounds), heard, fit.cost - 0.01) is None


def test_the_most_promising_phrase_comes_first_and_what_is_too_far_not_at_all() -> None:
    search = SoundSearch({phrase: sounds(phrase) for phrase in PHRASES})
    phrases = [phrase for _least, phrase, _said in search.promising(hear("路灯不良"), 0.3)]
    assert phrases == ["路灯不亮"]
    assert not list(search.promising(hear(""), 1.0))


def test_phrases_that_were_compared_beforehand_are_found_alike() -> None:
    search = SoundSearch({phrase: sounds(phrase) for phrase in PHRASES})
    matches = [list(search.promising(hear(text), 1.0)) for text in SAID]
    again = SoundSearch({phrase: sounds(phrase) for phrase in PHRASES})
    compare_all([again.inventory])
    assert [list(again.promising(hear(text), 1.0)) for text in SAID] == matches


def test_only_phrases_of_so_many_syllables_are_found() -> None:
    search = SoundSearch({phrase: sounds(phrase) for phrase in PHRASES})
    phrases = [phrase for _least, phrase, _said in search.promising(hear("护照"), 1.0, range(2, 3))]
    assert phrases == ["护照"]


def test_what_southern_speakers_do_not_tell_apart_has_the_same_terms() -> None:
    assert sound_terms("市政") == sound_terms("四怎")
    assert sound_terms("蓝色") == sound_terms("男色")
    assert sound_terms("") == []
