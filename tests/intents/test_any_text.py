"""There is a decision for every text of a recogniser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.intents.answer import answer, words
from ivr.intents.candidates import Candidates
from ivr.intents.decide_intent import decide
from ivr.intents.decisions import AskWhich, Confirm, Sure, Unknown
from ivr.intents.emergency import find_emergency, prepared_emergencies
from ivr.registry.model import Registry
from tests.intents.table import rows

SPOKEN = [row.text for row in rows("development", "held_out")]
FEW = settings(max_examples=40)  # the slow tests decide each text twice
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=30)


@pytest.fixture(scope="module")
def decides(main: Candidates, chenzhou: Registry) -> object:
    ready, answers = prepared_emergencies(chenzhou), words(chenzhou.answers)

    def check(text: str) -> None:
        decision = decide(text, main)
        assert decision == decide(text, main)
        assert isinstance(decision, Sure | Confirm | AskWhich | Unknown)
        for guess in decision.guesses:
            assert 0 <= guess.confidence <= 1
            assert guess.match is None or (0 <= guess.match.score <= 1 and 0 <= guess.match.distance <= 1)
        if isinstance(decision, AskWhich):
            assert decision.first != decision.other
        if isinstance(decision, Unknown):
            assert decision.text == text
        find_emergency(text, ready)
        assert answer(text, answers) in (True, False, None)

    return check


@FEW
@given(st.text(st.characters()))
def test_there_is_a_decision_for_any_text(decides: object, text: str) -> None:
    decides(text)  # type: ignore[operator]


@FEW
@given(CHINESE)
def test_there_is_a_decision_for_any_chinese_text(decides: object, text: str) -> None:
    decides(text)  # type: ignore[operator]


@FEW
@given(st.lists(st.sampled_from(SPOKEN), min_size=1, max_size=4).map("".join))
def test_there_is_a_decision_for_several_matters_in_one_text(decides: object, text: str) -> None:
    decides(text)  # type: ignore[operator]


@FEW
@given(st.sampled_from(SPOKEN), st.integers(0, 12), st.integers(0, 3), CHINESE)
def test_there_is_a_decision_for_any_damaged_utterance(
    decides: object, text: str, start: int, length: int, instead: str
) -> None:
    decides(text[:start] + instead + text[start + length :])  # type: ignore[operator]
