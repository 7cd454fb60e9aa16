"""The texts that the shipped registry lets citizens say."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from ivr.intents.candidates import Candidates, candidates, vocabulary
from ivr.intents.decide_intent import decide
from ivr.intents.decisions import AskWhich, Confirm, Sure, Unknown
from ivr.intents.known_texts import Source, Target, TargetKind
from ivr.phonetics.pronunciation import differ
from ivr.registry.model import ChoiceKind, Mode, Registry


def test_every_number_service_and_key_can_be_said(chenzhou: Registry) -> None:
    lines = [line for line in chenzhou.lines if line.mode is not Mode.HOTLINE]
    assert len(lines) == 44
    assert [line.number for line in lines if len(line.phrases) < 5] == []
    assert [service.number for service in chenzhou.linkage.values() if not service.phrases] == []
    choices = [choice for choice in chenzhou.menus["main"].choices if choice.kind is not ChoiceKind.EMERGENCY]
    assert [choice.key for choice in choices if len(choice.phrases) < 4] == []
    assert list(chenzhou.emergencies) == ["119", "120", "110", "122"]
    assert chenzhou.answers.yes and chenzhou.answers.no


def test_every_phrase_and_name_leads_to_the_line_that_has_it(main: Candidates) -> None:
    for candidate in (each for each in main.phrases if each.source is not Source.MATTER):
        decision = decide(candidate.phrase, main)
        if len(candidate.targets) == 2:
            assert isinstance(decision, AskWhich), candidate.phrase
            continue
        assert not isinstance(decision, AskWhich | Unknown), candidate.phrase
        assert decision.target == candidate.targets[0]
        asked = candidate.source is Source.PLACE or any(map(str.isdigit, candidate.phrase))
        assert asked or isinstance(decision, Sure), candidate.phrase


def test_no_two_phrases_of_different_meaning_sound_the_same(main: Candidates) -> None:
    phrases = [each for each in main.phrases if each.source is Source.PHRASE]
    alike = [
        (first.phrase, second.phrase)
        for first, second in combinations(phrases, 2)
        if not set(first.targets) & set(second.targets)
        and len(first.sounds) == len(second.sounds)
        and all(differ(a, b) <= 0.2 for a, b in zip(first.sounds, second.sounds, strict=True))
    ]
    assert alike == []


def test_the_vocabulary_names_all_phrases_and_the_likeliest_first(chenzhou: Registry, main: Candidates) -> None:
    words = vocabulary(chenzhou, chenzhou.menus["main"])
    assert len(set(words)) == len(words)
    assert {each.phrase for each in main.phrases if each.source is Source.PHRASE} <= set(words)
    assert "着火了" in words
    assert words[0] == "反映问题"
    assert words.index("公积金提取") < words.index("公积金贷款")


def test_a_line_is_understood_only_on_its_days(chenzhou: Registry) -> None:
    ended = [replace(line, valid_until=date(2026, 6, 1)) if line.number == "12329" else line for line in chenzhou.lines]
    registry = replace(chenzhou, lines=tuple(ended))
    menu = registry.menus["main"]
    assert isinstance(decide("公积金提取", candidates(registry, menu, date(2026, 6, 1))), Sure)
    assert isinstance(decide("公积金提取", candidates(registry, menu, date(2026, 6, 2))), Unknown)


@pytest.mark.parametrize("said", ["12333", "我找12333", "幺二三三三", "一二三三三"])
def test_a_number_that_was_said_is_asked_back(said: str, main: Candidates) -> None:
    decision = decide(said, main)
    assert isinstance(decision, Confirm)
    assert decision.target == Target(TargetKind.LINE, "12333")


@pytest.mark.parametrize("said", ["转人工我要问公积金", "赚任工我要问公积金", "公积金的事给我转人工"])
def test_a_caller_who_asks_for_an_agent_gets_an_agent_whatever_the_matter(said: str, main: Candidates) -> None:
    decision = decide(said, main)
    assert isinstance(decision, Sure)
    assert decision.target == Target(TargetKind.CHOICE, "0")


def test_a_complaint_about_something_goes_to_its_line(main: Candidates) -> None:
    decision = decide("我要投诉工厂冒黑烟", main)
    assert isinstance(decision, Sure)
    assert decision.target == Target(TargetKind.LINE, "12369")


def test_two_numbers_that_lead_to_the_same_line_are_no_question(main: Candidates) -> None:
    decision = decide("过期食品还乱涨价", main)  # 12331 and 12358 are both merged into 12315
    assert isinstance(decision, Sure | Confirm)


def test_a_decision_can_be_explained(main: Candidates) -> None:
    decision = decide("找贵阳县长", main)
    assert isinstance(decision, Sure)
    match = decision.guesses[0].match
    assert match is not None
    assert match.phrase == "找桂阳县长"
    assert match.heard == "找贵阳县长"
    assert 0 < match.distance < 0.05
    assert match.score == pytest.approx(1 - match.distance)
