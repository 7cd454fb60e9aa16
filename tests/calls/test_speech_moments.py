"""A caller's words are understood at every moment of a call, whatever the phone sends while the caller is silent.

The callers of this file share a hotline and speak one after the other, because the promises are about moments and
phones, and not about many callers at once.
"""

from collections.abc import Iterator, Set
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("websockets")
from websockets.exceptions import ConnectionClosed

from ivr.registry.prompts import MENU_INVITATION
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.speech.recognizer import RATE
from testkit.hotline.desk import hang_up
from testkit.hotline.heard_prompts import audio, has_heard
from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.running import RunningHotline
from testkit.phones import Carrier, PhoneCall, Phones
from testkit.phones.tones import write_wav
from testkit.speech_client import SpeechClient
from tests.calls.attentive_hotline import Attentive, until_heard
from tests.speech.listening import ALONE, NEEDS_RECOGNIZER, Sound, voice

pytestmark = [*NEEDS_RECOGNIZER, pytest.mark.timeout(600), ALONE]

MATTER, LINE = voice("ludeng-bu-liang"), "12319"
UNCLEAR = voice("huzhao")  # the test's registry has two lines for this word, so the caller is asked
OPENING = len(audio("opening")) / RATE
MENU = sum(len(audio(prompt)) for prompt in ("menu-main", MENU_INVITATION)) / RATE
MENU_WAIT = 30  # seconds behind the menu's prompt, the most that a registry may ask for
QUESTION = 9.0  # seconds after the unclear word: the question is being asked, or is over, on a busy machine too
APART = 3.0  # seconds from one caller's word to another's
_SAYS = 8.0  # seconds after the word in which it must have been understood


@dataclass(frozen=True)
class SpeakingTime:
    """The moment in a call at which the matter is said, and the caller's acts before, in seconds after the answer."""

    name: str
    at: float
    presses_star_at: float | None = None  # the key that repeats the menu
    says_unclear_at: float | None = None


IN_THE_OPENING = SpeakingTime("in the opening", 3.0)
IN_THE_SILENCE = SpeakingTime("in the silence behind the menu's prompt", OPENING + MENU + 2)
LONGEST_SILENCE = SpeakingTime("at the end of the longest silence", OPENING + MENU + MENU_WAIT - 2)
AFTER_A_MINUTE = SpeakingTime("after a minute", OPENING + 2 * MENU + 32, presses_star_at=OPENING + MENU + MENU_WAIT - 5)
MOMENTS = (
    IN_THE_OPENING,
    SpeakingTime("between the opening and the menu", OPENING - 0.4),
    SpeakingTime("in the menu's prompt", OPENING + 4),
    SpeakingTime("at a question", 3.0 + QUESTION, says_unclear_at=3.0),
    IN_THE_SILENCE,
    LONGEST_SILENCE,
    AFTER_A_MINUTE,
)
NOTHING, NOISE, NO_RTP = "digital silence", "comfort noise", "no RTP"
CALLERS = (
    *((moment, NOTHING) for moment in MOMENTS),  # because voice activity detection may miss speech after a long silence
    *((moment, NOISE) for moment in (IN_THE_SILENCE, AFTER_A_MINUTE)),
    *((moment, NO_RTP) for moment in (IN_THE_OPENING, IN_THE_SILENCE, LONGEST_SILENCE)),
)


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with Phones(tmp_path_factory.mktemp("phones")) as phones:
        yield phones


@pytest.fixture(scope="module")
def carrier(phones: Phones) -> Carrier:
    return Carrier(phones)


@pytest.fixture(scope="module")
def hotline(phones: Phones, carrier: Carrier, text_weights: Path) -> Iterator[RunningHotline]:
    numbers = quick_registry(timers={**QUICK, "menu": MENU_WAIT})
    lines = [
        {**line, "phrases": [phrase for phrase in line["phrases"] if phrase != "护照"]} if "phrases" in line else line
        for line in numbers["lines"]
    ]
    numbers = {**numbers, "lines": lines, "unclear": [{"phrases": ["护照"], "lines": ["12367", "12329"]}]}
    callers = len(CALLERS) + 3
    with Attentive(carrier.address, numbers, text_weights, HOTLINE_SPEAKERS=str(callers)) as hotline:
        carrier.hotline = hotline.server
        until_heard(phones, hotline, partial(hears_all, callers=callers))
        yield hotline
        phones.reset()


async def hears_all(hotline: RunningHotline, callers: int) -> bool:
    """Whether the hotline has recognisers for so many callers at once."""
    port = hotline_facts.read(Home(hotline.home).hotline).speech_port
    try:
        async with AsyncExitStack() as stack:
            for _ in range(callers):
                session = await stack.enter_async_context(SpeechClient(port))
                if "error_msg" in await session.create():
                    return False
            return True
    except (TimeoutError, ConnectionClosed):  # because the recogniser is still loading
        return False


@dataclass(eq=False)
class Caller:
    """A caller who says the matter at one moment, and then hangs up."""

    call: PhoneCall
    number: str
    silence: str
    moment: SpeakingTime
    words: Path
    unclear: Path
    connected: float | None = None  # seconds of the recording, like all values below
    pressed: bool = False
    asked: bool = False
    said: float | None = None

    def step(self) -> bool:
        """Do the acts that are due; return whether the call is over."""
        if self.call.ended:
            return True
        if not self.call.connected:
            return False
        now = self.call.heard.seconds
        if self.connected is None:
            self.connected = now
            if self.silence == NO_RTP:
                self.call.mute()
        seconds, moment = now - self.connected, self.moment
        if moment.presses_star_at and seconds >= moment.presses_star_at and not self.pressed:
            self.pressed = True
            self.call.keys("*")
        if moment.says_unclear_at and seconds >= moment.says_unclear_at and not self.asked:
            self.asked = True
            self.call.say(self.unclear)
        if self.said is None:
            if seconds >= moment.at:
                self.said = now
                self.call.say(self.words)
        elif now - self.said >= len(MATTER) / RATE + _SAYS:
            self.call.hang_up()
        return False


def wav(phones: Phones, name: str, *sounds: Sound) -> Path:
    path = phones.folder / f"{name}.wav"
    write_wav(path, np.concatenate(sounds))
    return path


def starts() -> list[tuple[float, SpeakingTime, str]]:
    """Return the second at which each caller calls, in order, so that the callers speak one after the other."""
    calls, taken = [], list[float]()
    for moment, silence in sorted(CALLERS, key=lambda caller: -caller[0].at):
        said = [at for at in (moment.at, moment.says_unclear_at) if at is not None]
        start = 0.0
        while any(abs(start + at - other) < APART for at in said for other in taken):
            start += 0.1
        taken += [start + at for at in said]
        calls.append((start, moment, silence))
    return sorted(calls, key=lambda call: call[0])


Plan = list[tuple[float, SpeakingTime, str]]


def by_caller(hotline: RunningHotline, numbers: Set[str]) -> dict[str, dict[str, Any]]:
    """Return the records of the callers' calls; none before every record exists."""
    records = {record["caller"]: record for record in hotline.records(1) if record["caller"] in numbers}
    return records if len(records) == len(numbers) else {}


def missed(phones: Phones, carrier: Carrier, hotline: RunningHotline, plan: Plan, first: int) -> dict[str, Caller]:
    """Let the plan's callers call, numbered from ``first`` on; return the callers not understood."""
    zeros = np.zeros(90 * RATE, np.int16)
    noise = np.random.default_rng(3).normal(0, 30, len(zeros)).astype(np.int16)  # -61 dBov
    sent = {NOTHING: zeros, NOISE: noise, NO_RTP: zeros}
    files = {name: wav(phones, name.replace(" ", "-"), sound) for name, sound in sent.items()}
    words, unclear = wav(phones, "words", MATTER), wav(phones, "unclear", UNCLEAR)
    callers: list[Caller] = []

    def call(moment: SpeakingTime, silence: str) -> None:
        number = f"138000000{first + len(callers):02}"
        made = carrier.call("12345", number, name=f"{moment.name}, {silence}", sound=files[silence])
        callers.append(Caller(made, number, silence, moment, words, unclear))

    for start, moment, silence in plan:
        phones.after(start, partial(call, moment, silence))

    def all_have_spoken() -> bool:
        over = [caller.step() for caller in callers]
        return len(over) == len(plan) and all(over)

    phones.until(all_have_spoken, 150, "all callers have spoken")
    hang_up(phones, [caller.call for caller in callers])
    numbers = {caller.number for caller in callers}
    records = phones.until(lambda: by_caller(hotline, numbers), 20, "the calls are recorded")
    return {
        f"{caller.call.name}: {record['path']} {record['intent_decision']} {record['utterances']}": caller
        for caller in callers
        if (record := records[caller.number])["intent_target"] != LINE
        or any(utterance["decision"] == "which" for utterance in record["utterances"]) != caller.asked
    }


@pytest.mark.timeout(400)
def test_a_caller_is_understood_at_every_moment(phones: Phones, carrier: Carrier, hotline: RunningHotline) -> None:
    """A caller who was not understood calls again, because the machine may have been too busy the first time."""
    plan = starts()
    few = len(plan) / 4
    first = missed(phones, carrier, hotline, plan, 0)
    if len(first) > few:  # if most callers were not understood, all call again
        first = missed(phones, carrier, hotline, plan, len(plan))
    assert len(first) <= few, "\n".join(first)
    again = [(APART * at, caller.moment, caller.silence) for at, caller in enumerate(first.values())]
    second = missed(phones, carrier, hotline, again, 2 * len(plan)) if again else {}
    assert not second, "\n".join([*first, "and again:", *second])


def echoing(phones: Phones, carrier: Carrier, callers: dict[str, str]) -> list[PhoneCall]:
    """Call from phones that send the prompts back at -20 dB; `callers` has a name by number."""
    nothing = wav(phones, "nothing", np.zeros(60 * RATE, np.int16))
    calls = [carrier.call("12345", number, name=name, sound=nothing) for number, name in callers.items()]
    phones.until(lambda: all(call.connected for call in calls), 10, "the callers are answered")
    for call in calls:
        call.send_back(20)
    return calls


def understood(phones: Phones, hotline: RunningHotline, number: str) -> list[str]:
    """Wait until the call is recorded, and return the targets of the caller's utterances."""
    records = phones.until(lambda: by_caller(hotline, {number}), 20, "the call is recorded")
    return [utterance["target"] for utterance in records[number]["utterances"]]


def test_the_echo_of_a_prompt_is_not_taken_for_speech(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    """A caller who speaks on a phone with echo is understood, or asked, once the prompts are over."""
    words = wav(phones, "words", MATTER)
    callers = {"13900000000": "silent", "13900000001": "speaking"}
    silent, speaking = echoing(phones, carrier, callers)
    phones.until(lambda: speaking.heard.seconds > OPENING + MENU + 3, 60, "the prompts are over")
    speaking.say(words)
    phones.until(
        lambda: has_heard(speaking, "transferring") or has_heard(speaking, "confirm-1"),
        20,
        "the speaking caller is understood, or asked",
    )
    phones.until(lambda: silent.heard.seconds > OPENING + MENU + 10, 20, "the silent caller was silent")
    hang_up(phones, [silent, speaking])
    assert [understood(phones, hotline, number) for number in callers] == [[], [LINE]]


def test_a_caller_with_an_echo_is_understood_while_the_prompt_plays(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    """A busy machine may send the phone's sound with gaps; then the caller calls again."""
    words = wav(phones, "words", MATTER)
    said = []
    for number in ("13900000002", "13900000003", "13900000004"):
        (interrupting,) = echoing(phones, carrier, {number: "interrupting"})
        phones.until(lambda call=interrupting: call.heard.seconds > OPENING + 4, 60, "the menu is heard")
        interrupting.say(words)
        over = (
            interrupting.heard.seconds + 20
        )  # the time until the question about words not understood, or until the end of the wait
        phones.until(
            lambda call=interrupting, over=over: has_heard(call, "transferring") or call.heard.seconds > over,
            60,
            "the words are understood, or the menu has gone on",
        )
        hang_up(phones, [interrupting])
        said.append(understood(phones, hotline, number))
        if said[-1] == [LINE]:
            return
    raise AssertionError(said)
