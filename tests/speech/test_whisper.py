"""Whisper on real voices over the telephone: what is said, when it is known, and what is no speech."""

import wave
from collections.abc import Iterator

import numpy as np
import pytest

pytest.importorskip("ctranslate2")
pytest.importorskip("onnxruntime")

from agi_scripts.meanings import CERTAIN
from ivr.engine import speech_service
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.shipped import RECORDINGS
from ivr.speech import find
from ivr.speech.recognizer import RATE, Vocabulary
from ivr.speech.recognizers.whisper import Whisper, once
from ivr.speech.sound import telephone
from testkit.hotline.running import ROOT
from tests.speech.listening import ALONE, hear, said_by, silence, voice

FOLDER = find.speech_folder() / find.WHISPER_MODEL
pytestmark = [
    pytest.mark.skipif(not FOLDER.exists(), reason="no model: ivr speech install"),
    ALONE,
]

MENU = Vocabulary("main", ("反映问题", "企业服务", "公积金提取", "路灯不亮", "着火了", "护照", "转人工"))
YES_NO = Vocabulary("yes-no", ("是", "不是", "对", "不对", "没错", "不要"))


REGISTRY = read(ROOT / "numbers.yaml", recorded(RECORDINGS))


@pytest.fixture
def shipped() -> Vocabulary:
    """Everything that may be said at the shipped menu."""
    vocabulary = speech_service.vocabulary(REGISTRY, "main")
    assert vocabulary
    assert len(vocabulary.phrases) > 300
    return vocabulary


@pytest.fixture(scope="module")
def whisper() -> Iterator[Whisper]:
    yield Whisper(FOLDER)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is heard is not to depend on how busy this machine is."""
    monkeypatch.setattr("ivr.speech.recognizers.whisper._PATIENCE", 60.0)


@pytest.mark.parametrize(
    ("name", "said", "vocabulary"),
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
def test_what_is_said_is_known_soon_after_it_is_said(
    whisper: Whisper, name: str, said: str, vocabulary: Vocabulary
) -> None:
    spoken = voice(name)
    ((at, heard),) = hear(whisper, vocabulary, silence(1), spoken, silence(1.5))
    assert heard.text == said
    assert 0.5 < heard.score <= 1
    assert at - 1 - len(spoken) / RATE < 0.5


@pytest.mark.parametrize("name", ["gongjijin-tiqu", "zhaohuo-le", "ludeng-bu-liang", "huzhao", "zhuan-rengong"])
def test_hundreds_of_phrases_are_as_good_as_seven(whisper: Whisper, shipped: Vocabulary, name: str) -> None:
    few = hear(whisper, MENU, silence(1), voice(name), silence(1))
    many = hear(whisper, shipped, silence(1), voice(name), silence(1))
    assert [heard.text for _at, heard in many] == [heard.text for _at, heard in few]


@pytest.mark.parametrize(
    ("voice", "said"), [("zf_xiaoni", "吃坏肚子"), ("zm_yunyang", "电梯没年检"), ("zm_yunxia", "黑网吧")]
)
def test_what_is_read_wrongly_is_found_by_its_sound(
    whisper: Whisper, shipped: Vocabulary, voice: str, said: str
) -> None:
    spoken = said_by(voice, said)
    ((_at, heard),) = hear(whisper, shipped, silence(1), spoken, silence(1.5))
    assert heard.text == said
    others = Vocabulary("main", tuple(phrase for phrase in shipped.phrases if phrase != said), shipped.grave)
    ((_at, heard),) = hear(whisper, others, silence(1), spoken, silence(1.5))
    assert heard.text not in others.phrases


@pytest.mark.parametrize(("voice", "said"), [("am_michael", "救命"), ("am_michael", "着火了")])
def test_a_cry_that_is_read_as_nonsense_may_have_been_said(
    whisper: Whisper, shipped: Vocabulary, voice: str, said: str
) -> None:
    for later in (0, 0.003, 0.005, 0.007):  # the sound does not begin with a frame of it
        ((_at, heard),) = hear(whisper, shipped, silence(1 + later), said_by(voice, said), silence(1.5))
        assert heard.text == said, f"{later} s later"
        assert heard.score < CERTAIN, "nobody is connected unasked"


def test_on_a_machine_with_too_much_to_do_a_cry_is_not_missed(
    whisper: Whisper, shipped: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.speech.recognizers.whisper._PATIENCE", 0.0)
    ((_at, heard),) = hear(whisper, shipped, silence(1), said_by("am_michael", "着火了"), silence(1.5))
    assert heard.text == "着火了"


def test_a_cry_that_is_read_as_nonsense_may_yet_be_certain(whisper: Whisper, shipped: Vocabulary) -> None:
    ((_at, heard),) = hear(whisper, shipped, silence(1), said_by("zm_yunxia", "救命"), silence(1.5))
    assert heard.text == "救命"
    assert heard.score >= CERTAIN


def test_what_is_prepared_beforehand_changes_nothing_that_is_heard() -> None:
    whisper = Whisper(FOLDER)  # to which no longer menu is known
    menu = Vocabulary("prepared", ("黑诊所", "黑网吧", "护照", "路灯不亮", "社保"))
    sounds = (silence(1), said_by("zm_yunxia", "黑网吧"), silence(1.5))
    ((_at, before),) = hear(whisper, menu, *sounds)
    while whisper.prepare():
        pass
    ((_at, after),) = hear(whisper, menu, *sounds)
    assert (after.text, after.score) == (before.text, before.score)
    assert after.text == "黑网吧"


def test_no_emergency_is_heard_where_none_was_said(whisper: Whisper, shipped: Vocabulary) -> None:
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


def test_two_utterances_are_two(whisper: Whisper) -> None:
    sounds = (silence(1), voice("huzhao"), silence(1), voice("zhaohuo-le"), silence(1))
    assert [heard.text for _at, heard in hear(whisper, MENU, *sounds)] == ["护照", "着火了"]


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
def test_what_is_no_speech_is_passed_over(whisper: Whisper, sound: np.ndarray) -> None:
    assert not hear(whisper, MENU, silence(1), sound, silence(1))


@pytest.mark.parametrize(
    ("text", "said"),
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
def test_a_text_says_what_was_said_once(text: str, said: str) -> None:
    assert once(text) == said
