"""A caller is heard at every moment of a call, whatever the phone sends while the caller is silent."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("websockets")

from ivr.registry.prompts import MENU_INVITATION
from ivr.runtime import facts
from ivr.runtime.layout import Home
from ivr.speech import find
from ivr.speech.recognizer import RATE
from testkit.hotline.desk import hang_up, recorded
from testkit.hotline.heard_prompts import audio
from testkit.hotline.running import RunningHotline
from testkit.phones import Carrier, PhoneCall, Phones
from testkit.phones.tones import write_wav
from tests.calls.conftest import QUICK, quick_registry
from tests.calls.test_speech import Attentive
from tests.speech.client import Asterisk
from tests.speech.listening import ALONE, Sound, voice

pytestmark = [
    pytest.mark.skipif(find.choose().found is None, reason="no recogniser: ivr speech install"),
    pytest.mark.timeout(400),
    ALONE,
]

MATTER, LINE = voice("ludeng-bu-liang"), "12319"
OPENING = len(audio("opening")) / RATE
MENU = sum(len(audio(prompt)) for prompt in ("menu-main", MENU_INVITATION)) / RATE
MENU_WAIT = 30  # seconds behind the menu's prompt, the most that a registry may ask for
MOMENTS = {  # seconds after the answer
    "in the opening": 3.0,
    "between the opening and the menu": OPENING - 0.4,
    "in the menu's prompt": OPENING + 4,
    "in the silence behind the menu's prompt": OPENING + MENU + 2,
    "at the end of the longest silence": OPENING + MENU + MENU_WAIT - 2,
}
SILENCES = ("digital silence", "comfort noise", "no RTP")
_SAYS = 8.0  # seconds after the word in which it must have been understood


@pytest.fixture
def numbers() -> dict[str, Any]:
    return quick_registry(timers={**QUICK, "menu": MENU_WAIT})


@pytest.fixture
def hotline(phones: Phones, carrier: Carrier, numbers: dict[str, Any]) -> Iterator[RunningHotline]:
    callers = len(SILENCES) * len(MOMENTS)
    with Attentive(carrier.address, numbers, HOTLINE_SPEAKERS=str(callers)) as hotline:
        carrier.hotline = hotline.server
        phones.until(lambda: asyncio.run(hears_all(hotline, callers)), 60, "all recognisers are loaded")
        yield hotline
        phones.reset()


async def hears_all(hotline: RunningHotline, callers: int) -> bool:
    """Whether so many callers would be heard at once."""
    port = facts.read(Home(hotline.home).hotline).speech_port
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(Asterisk(port)) for _ in range(callers)]
        return all(["error_msg" not in await session.create() for session in sessions])


@dataclass(eq=False)
class Caller:
    """One caller, who says one thing at one moment, and then hangs up."""

    call: PhoneCall
    number: str
    silence: str
    moment: str
    words: Path
    connected: float | None = None  # seconds of the recording, as all that follow
    said: float | None = None

    def step(self) -> bool:
        """Do what is due; return whether the call is over."""
        if self.call.ended:
            return True
        if not self.call.connected:
            return False
        now = self.call.heard.seconds
        if self.connected is None:
            self.connected = now
            if self.silence == "no RTP":
                self.call.mute()
        if self.said is None:
            if now - self.connected >= MOMENTS[self.moment]:
                self.said = now
                self.call.say(self.words)
        elif now - self.said >= len(MATTER) / RATE + _SAYS:
            self.call.hang_up()
        return False


def wav(phones: Phones, name: str, *sounds: Sound) -> Path:
    path = phones.folder / f"{name}.wav"
    write_wav(path, np.concatenate(sounds))
    return path


def test_a_caller_is_heard_at_every_moment(phones: Phones, carrier: Carrier, hotline: RunningHotline) -> None:
    zeros = np.zeros(60 * RATE, np.int16)
    noise = np.random.default_rng(3).normal(0, 30, len(zeros)).astype(np.int16)  # -61 dBov
    sent = {"digital silence": zeros, "comfort noise": noise, "no RTP": zeros}
    files = {name: wav(phones, name.replace(" ", "-"), sound) for name, sound in sent.items()}
    words = wav(phones, "words", MATTER)
    callers = []
    for silence in SILENCES:
        for moment in MOMENTS:
            number = f"138000000{len(callers):02}"
            before = callers[-1].call if callers else None
            if before:  # one after the other, as callers come
                phones.until(lambda before=before: before.connected, 10, "the caller before is answered")
            call = carrier.call("12345", number, name=f"{moment}, {silence}", sound=files[silence])
            callers.append(Caller(call, number, silence, moment, words))
    phones.until(lambda: all([caller.step() for caller in callers]), 100, "everybody has spoken")
    hang_up(phones, [caller.call for caller in callers])
    records = {record["caller"]: record for record in recorded(phones, hotline, len(callers))}
    missed = [
        f"{caller.moment}, {caller.silence}: {record['intent_decision']} {record['intent_text']}"
        for caller in callers
        if (record := records[caller.number])["intent_target"] != LINE
    ]
    assert not missed, "\n".join(missed)
