"""通话录音: the recording has both parties of an agent's call, and silence while the agent pauses it."""

import stat
from pathlib import Path
from typing import Any

import pytest

from ivr.runtime.layout import Home
from testkit.hotline.desk import talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone
from testkit.phones.tones import Span, heard_in
from tests.calls.consulting import all_three, consult


def recording(hotline: RunningHotline, record: dict[str, Any]) -> Path:
    """Return a readable copy of a call's recording, because only the hotline's user may read the file."""
    path = Home(hotline.home).recordings / record["recording"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    return path


def pause(phones: Phones, agent: SeatPhone) -> None:
    """Press *6, and hear the beep."""
    begun = agent.call.heard.seconds
    agent.keys("*6")
    phones.until(lambda: beeps(agent.call, begun), 5, "the agent hears a beep")


def beeps(call: PhoneCall, since: float) -> bool:
    return any(span.parties.endswith("sound") for span in since_then(call, since))


def since_then(call: PhoneCall, since: float) -> list[Span]:
    spans, at = [], 0.0
    for span in call.heard.timeline():
        at += span.seconds
        if at > since:
            spans.append(span)
    return spans


def test_a_call_is_recorded_in_three_way_too_except_in_pauses(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    center, agent = carrier.center("12313", name="center"), seat("8001", name="agent")
    citizen = carrier.call("12369", name="citizen")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    phones.until(lambda: has_heard(citizen, "dual-recorded"), 5, "the caller hears the notice of the recording")
    agent.answer()
    talk(phones, citizen, agent)
    pause(phones, agent)
    paused = citizen.heard.seconds
    phones.until(lambda: citizen.heard.seconds > paused + 4, 15, "the citizen has said an id number")
    talk(phones, citizen, agent)
    pause(phones, agent)
    going_on = citizen.heard.seconds
    phones.until(lambda: citizen.heard.seconds > going_on + 2, 15, "citizen and agent talk on")
    consult(phones, citizen, agent, "12313", center)
    agent.keys("*3")
    all_three(phones, citizen, agent, center)
    three = citizen.heard.seconds
    phones.until(lambda: citizen.heard.seconds > three + 2, 15, "all three talk")
    citizen.hang_up()
    agent.hang_up()
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    spans = heard_in(recording(hotline, record), {"agent": agent.tone, "citizen": citizen.tone, "center": center.tone})
    [(begun, ended)] = record["recording_paused"]
    assert 3.5 < ended - begun < 9
    assert record["recording_deleted_at"] is None
    at, silent = 0.0, []
    for parties, seconds in spans:
        if parties == "silence" and seconds > 1:
            silent.append((at, at + seconds))
        at += seconds
    [(from_, to)] = silent
    assert abs(from_ - begun) < 1
    assert abs(to - ended) < 1
    assert any(parties == "agent+citizen" and seconds > 1 for parties, seconds in spans)
    assert any({"agent", "center", "citizen"} <= set(party_names.split("+")) for party_names, _ in spans)


@pytest.mark.own_hotline
def test_a_call_that_cannot_be_recorded_goes_on(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    folder = Home(hotline.home).recordings
    folder.rmdir()
    folder.touch()  # not even root can write there
    agent = seat("8001", name="agent")
    citizen = carrier.call("12369", name="citizen")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    begun = citizen.heard.seconds
    phones.until(lambda: citizen.heard.seconds > begun + 2, 15, "citizen and agent talk on")
    talk(phones, citizen, agent)
    citizen.hang_up()
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert record["outcome"] == "answered"
    assert folder.is_file()
