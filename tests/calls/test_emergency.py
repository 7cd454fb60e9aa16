"""After a certain cry for help, emergency service, caller and agent are in one conference."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("websockets")

from testkit.hotline.desk import hang_up, recorded, staff
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.processes import engine
from testkit.hotline.quick_registry import PATIENT, quick_registry
from testkit.hotline.running import RunningHotline, free_udp_port
from testkit.hotline.seat_phones import SeatPhones
from testkit.hotline.shared import SharedHotline
from testkit.phones import Carrier, Center, PhoneCall, Phones, SeatPhone
from testkit.phones.tones import RATE, SOUND, sine, write_wav
from tests.calls.attentive_hotline import Attentive, hears, until_heard
from tests.speech.listening import NEEDS_RECOGNIZER, silence, voice

pytestmark = [*NEEDS_RECOGNIZER, pytest.mark.xdist_group("cries")]  # with one hotline, not with one for each process

CRY = voice("zhaohuo-le")
BEFORE, AFTER = 1.0, 8.0  # seconds of silence before the cry, and between the cry and the caller's tone
ENOUGH = 16.0  # seconds of a call within which 119 is called


class SharedAttentive(Attentive, SharedHotline):
    """A hotline with a recogniser, which the tests of this file use in turn."""


@pytest.fixture(scope="module")
def attentive(all_phones: Phones, text_weights: Path) -> Iterator[SharedAttentive]:
    numbers = quick_registry(timers={**PATIENT, "menu": 4})  # because a busy machine reads an utterance late
    with SharedAttentive(f"127.0.0.1:{free_udp_port()}", numbers, text_weights, HOTLINE_SPEAKERS="3") as hotline:
        until_heard(all_phones, hotline, hears)
        yield hotline


@pytest.fixture
def carrier(phones: Phones, attentive: SharedAttentive) -> Carrier:
    assert attentive.carrier
    return Carrier(phones, port=int(attentive.carrier.rpartition(":")[2]))


@pytest.fixture
def hotline(phones: Phones, carrier: Carrier, attentive: SharedAttentive) -> Iterator[RunningHotline]:
    carrier.hotline = attentive.server
    attentive.begin()
    yield attentive
    phones.reset()
    attentive.end(phones)


def cries(
    phones: Phones, carrier: Carrier, service: Center, caller: str = "13800000001", name: str = "citizen"
) -> PhoneCall:
    """Call 12345, say 着火了, then send a tone; repeat until 119 is called, at once or after a question.

    On a busy machine, a phone sends its sound with gaps. trials/bench/speech measures how well callers are heard, and
    test_speech.py has the question to a caller whose cry was not certain.
    """
    tone = 3100 + 60 * ("alone", "withheld", "citizen").index(name)  # a frequency that `Phones` gives to no party
    for tried in range(3):
        tone_file = phones.folder / f"tone-{tone}.wav"  # the file in which `Phones` looks for the tone
        before = silence(BEFORE + 0.013 * tried)  # because each caller shall speak at another moment of an audio frame
        write_wav(tone_file, np.concatenate([before, CRY, silence(AFTER), np.tile(sine(tone), 60)]))
        citizen = carrier.call("12345", caller, name=name, tone=tone)
        phones.until(lambda call=citizen: call.connected, 10, "the hotline answers")
        cried = time.monotonic() + (len(before) + len(CRY)) / RATE

        def is_called(citizen: PhoneCall = citizen) -> bool:
            if has_heard(citizen, f"emergency/{service.number}"):
                citizen.keys("1")
            return bool(service.calls) or citizen.heard.seconds > ENOUGH

        phones.until(is_called, 40, "119 is called")
        if service.calls:
            took = time.monotonic() - cried
            print(f"119 was called {took:.2f} s after the cry")
            assert took < 10, "under 1 s on a quiet machine; some 5 s if the caller is asked first"
            return citizen
        hang_up(phones, [citizen])
    raise AssertionError("three times not heard for certain")


def talk(phones: Phones, *parties: PhoneCall | Center | SeatPhone) -> None:
    """Wait until each party hears all other parties and nothing else."""
    phones.until(
        lambda: all(party.hears_only(*(other for other in parties if other is not party)) for party in parties),
        15,
        f"{' and '.join(party.name for party in parties)} talk",
    )


def test_the_conference_goes_on_if_a_party_leaves_or_the_engine_dies(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    (agent,) = staff(seat, "8001")
    service = carrier.center("119", answers=False)
    citizen = cries(phones, carrier, service)
    phones.until(lambda: service.ringing, 5, "119 rings")
    assert service.call.caller == "13800000001"
    rung = phones.until(lambda: agent.ringing, 5, "the agent's phone rings, too")
    assert rung.caller_name.startswith("紧急119 12345 ")
    assert rung.header("X-Hotline-Emergency") == "119"
    phones.until(lambda: has_heard(citizen, "emergency-joining"), 10, "the caller hears that help is called")
    phones.until(lambda: citizen.hears(SOUND, seconds=1.0), 10, "the caller hears music until a party answers")
    service.call.answer()
    talk(phones, citizen, service)
    rung.answer()
    talk(phones, citizen, service, agent)
    dead = engine(hotline)
    dead.send_signal(signal.SIGKILL)
    phones.until(lambda: hotline.ivr("status").returncode == 0, 30, "the supervisor process has started an engine")
    agent.hang_up()
    talk(phones, citizen, service)
    hang_up(phones, [citizen])
    phones.until(lambda: service.call.ended, 5, "the call is over for all parties")
    record = recorded(phones, hotline, len(carrier.calls))[-1]
    assert record["intent_decision"] in {"emergency-sure", "emergency"}, "119 is called at once, or after a question"
    assert record["intent_target"] == "119"
    legs = {(leg["kind"], leg["target"]): leg for leg in record["legs"]}
    assert legs["linkage", "119"]["result"] == legs["general", "8001"]["result"] == "answered"
    assert legs["linkage", "119"]["seconds"] > legs["general", "8001"]["seconds"] > 0
    assert record["outcome"] == "answered"


def test_the_caller_talks_with_the_service_or_the_agent_if_the_other_does_not_come(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    nobody = carrier.center("119", name="nobody", answers=486)
    alone = cries(phones, carrier, nobody, "13800000001", "alone")
    phones.until(
        lambda: has_heard(alone, "emergency-alone"), 30, "if no party answers, the caller hears which number to dial"
    )
    phones.until(lambda: has_heard(alone, "leave-message"), 20, "the caller may leave a message")
    hang_up(phones, [alone])

    service = carrier.center("119", name="service", after=0.5)
    withheld = cries(phones, carrier, service, "", "withheld")
    phones.until(lambda: service.talking, 30, "119 answers")
    assert service.call.caller == "12345", "the caller's number is withheld, so the service sees 12345"
    talk(phones, withheld, service)
    service.hang_up()
    phones.until(lambda: withheld.ended, 10, "without an agent, the call ends with the service's")

    (agent,) = staff(seat, "8001")
    busy = carrier.center("119", name="busy", answers=486)
    citizen = cries(phones, carrier, busy, "13800000003")
    rung = phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
    phones.until(
        lambda: has_heard(citizen, "emergency-unreached"), 15, "the caller hears that the service did not answer"
    )
    phones.until(lambda: citizen.hears(SOUND, seconds=1.0), 10, "the caller hears music meanwhile")
    assert rung.ringing, "the agent was rung all the time"
    rung.answer()
    talk(phones, citizen, agent)
    agent.hang_up()
    phones.until(lambda: citizen.ended, 10, "the call is over")

    records = {record["caller"]: record for record in recorded(phones, hotline, len(carrier.calls))}
    assert {caller: record["outcome"] for caller, record in records.items()} == {
        "13800000001": "abandoned", "": "answered", "13800000003": "answered",
    }  # fmt: skip
    legs = {caller: [(leg["kind"], leg["result"]) for leg in record["legs"]] for caller, record in records.items()}
    assert legs["13800000001"] == [("linkage", "busy")]
    assert legs[""] == [("linkage", "answered")]
    assert sorted(legs["13800000003"]) == [("general", "answered"), ("linkage", "busy")]
    assert (records[""]["seat"], records["13800000003"]["seat"]) == (None, "8001")
