"""Whisper on real voices over the telephone: readings, their delay, and sound that is no speech."""

import wave
from collections.abc import Iterator

import numpy as np
import pytest

pytest.importorskip("ctranslate2")
pytest.importorskip("tokenizers")

from ivr.engine import speech_service
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from ivr.speech import model_search
from ivr.speech.recognizer import RATE, Vocabulary
from ivr.speech.recognizers.whisper import Whisper, once
from ivr.speech.sound import telephone
from testkit.hotline.running import ROOT
from tests.speech.listening import ALONE, hear, said_by, silence, voice

FOLDER = model_search.speech_folder() / model_search.WHISPER_MODEL
pytestmark = [
    pytest.mark.skipif(not FOLDER.exists(), reason="no model: ivr speech install"),
    ALONE,
]

MENU = Vocabulary("main", ("反映问题", "企业服务", "公积金提取", "路灯不亮", "着火了", "护照", "转人工"))
SPEAKS_FOR, SPEAKS_AGAINST = -5.0, -8.0  # nats; the first is the limit of the recogniser
POSSIBLE = -10.0  # nats of a spoken phrase; processors round differently, and -8.6 was measured
YES_NO = Vocabulary("yes-no", ("是", "不是", "对", "不对", "没错", "不要"))


REGISTRY = read(ROOT / "numbers.yaml", recorded(RECORDINGS))


@pytest.fixture
def shipped() -> Vocabulary:
    """The vocabulary of the shipped menu."""
    vocabulary = speech_service.vocabulary(REGISTRY, "main")
    assert vocabulary
    assert len(vocabulary.phrases) > 300
    return vocabulary


@pytest.fixture(scope="module")
def whisper() -> Iterator[Whisper]:
    yield Whisper(FOLDER)


@pytest.mark.parametrize(
    ("name", "expected", "vocabulary"),
    [
        ("gongjijin-tiqu", "公积金提取", MENU),
        ("zhaohuo-le", "着火了", MENU),
        ("ludeng-bu-liang", "路灯不亮", MENU),
        ("huzhao", "护照", MENU),
        ("zhuan-rengong", "转人工", MENU),
        ("meicuo", "没错", YES_NO),
        ("buyao", "不要", YES_NO),
    ],
)
def test_an_utterance_is_known_soon_after_its_end(
    whisper: Whisper, name: str, expected: str, vocabulary: Vocabulary
) -> None:
    spoken = voice(name)
    ((at, heard),) = hear(whisper, vocabulary, silence(1), spoken, silence(1.5))
    assert heard.phrase == expected
    assert heard.evidence > POSSIBLE
    assert 0 < heard.score <= 1
    assert at - 1 - len(spoken) / RATE < 0.8


@pytest.mark.parametrize("name", ["gongjijin-tiqu", "zhaohuo-le", "ludeng-bu-liang", "huzhao", "zhuan-rengong"])
def test_the_reading_does_not_depend_on_the_vocabulary(whisper: Whisper, shipped: Vocabulary, name: str) -> None:
    few = hear(whisper, MENU, silence(1), voice(name), silence(1))
    many = hear(whisper, shipped, silence(1), voice(name), silence(1))
    assert [heard.text for _at, heard in many] == [heard.text for _at, heard in few]


@pytest.mark.parametrize(("voice", "expected"), [("zf_xiaoni", "吃坏肚子"), ("zm_yunyang", "电梯没年检")])
def test_a_wrong_reading_is_found_by_its_sound(
    whisper: Whisper, shipped: Vocabulary, voice: str, expected: str
) -> None:
    ((_at, heard),) = hear(whisper, shipped, silence(1), said_by(voice, expected), silence(1.5))
    assert heard.phrase == expected


@pytest.mark.parametrize(
    ("name", "other"), [("huzhao", "户口"), ("gongjijin-tiqu", "公积金贷款"), ("ludeng-bu-liang", "路灯补偿")]
)
def test_the_sound_speaks_against_a_phrase_that_was_not_said(whisper: Whisper, name: str, other: str) -> None:
    ((_at, heard),) = hear(whisper, Vocabulary("main", (other,)), silence(1), voice(name), silence(1.5))
    assert heard.phrase == other
    assert heard.evidence < SPEAKS_AGAINST


@pytest.mark.parametrize(("voice", "expected"), [("am_michael", "救命"), ("zm_yunxia", "救命")])
def test_a_cry_for_help_that_is_misread_is_returned_with_the_text(
    whisper: Whisper, shipped: Vocabulary, voice: str, expected: str
) -> None:
    ((_at, heard),) = hear(whisper, shipped, silence(1), said_by(voice, expected), silence(1.5))
    assert expected in (heard.text, heard.phrase, heard.cry)


def test_no_emergency_is_recognised_without_a_cry_for_help(whisper: Whisper, shipped: Vocabulary) -> None:
    alarms = [phrase for emergency in REGISTRY.emergencies.values() for phrase in emergency.phrases]
    for name in (
        "gongjijin-tiqu",
        "ludeng-bu-liang",
        "huzhao",
        "zhuan-rengong",
        "meicuo",
        "buyao",
        "ko-ne",
        "ko-aniyo",
    ):
        for _at, heard in hear(whisper, shipped, silence(1), voice(name), silence(1)):
            assert heard.text not in alarms
            assert heard.phrase not in alarms or heard.evidence < SPEAKS_FOR
            assert not heard.cry or heard.cry_evidence < SPEAKS_FOR


def test_two_utterances_are_recognised_one_by_one(whisper: Whisper) -> None:
    sounds = (silence(1), voice("huzhao"), silence(1), voice("zhaohuo-le"), silence(1))
    assert [heard.phrase for _at, heard in hear(whisper, MENU, *sounds)] == ["护照", "着火了"]


def test_a_breath_within_a_phrase_does_not_cut_it(whisper: Whisper) -> None:
    whole = voice("gongjijin-tiqu")
    middle = len(whole) // 2
    heard = hear(whisper, MENU, silence(1), whole[:middle], silence(0.2), whole[middle:], silence(1))
    assert len(heard) == 1


def _noise() -> np.ndarray:
    return np.random.default_rng(2).normal(0, 1500, 6 * RATE).astype(np.int16)


def _ringing() -> np.ndarray:
    seconds = np.arange(6 * RATE) / RATE
    return (np.sin(2 * np.pi * 450 * seconds) * (seconds % 5 < 1) * 8000).astype(np.int16)


def _music() -> np.ndarray:
    with wave.open(str(RECORDINGS / "music" / "hold.wav")) as music:
        samples = np.frombuffer(music.readframes(8 * music.getframerate()), dtype="<i2")
        return np.frombuffer(telephone(samples, music.getframerate()), dtype="<i2")


@pytest.mark.parametrize(
    "sound", [silence(8), _noise(), _ringing(), _music()], ids=["silence", "noise", "ringing", "music"]
)
def test_sound_that_is_no_speech_is_ignored(whisper: Whisper, sound: np.ndarray) -> None:
    assert not hear(whisper, MENU, silence(1), sound, silence(1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公积金提取。", "公积金提取"),
        ("不对，不对，不对", "不对"),
        (" 是 的 ", "是，的"),
        ("你好，我要投诉", "你好，我要投诉"),
        ("，。", ""),
        ("", ""),
        ("12345", "12345"),
    ],
)
def test_a_text_has_each_word_once(text: str, expected: str) -> None:
    assert once(text) == expected
