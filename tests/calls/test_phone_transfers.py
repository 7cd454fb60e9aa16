"""The transfer button of an agent's phone (REFER): attended, refused, and on a phone that hangs up after REFER."""

from typing import Any

from testkit.hotline.desk import talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone
from tests.calls.consulting import MUSIC, legs, never_alone, talk_without_the_agent


def test_an_attended_transfer_is_a_consult(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The second line rings a center; REFER with Replaces joins citizen and center, and the record has the consult."""
    center, agent = carrier.center("12313", name="center"), seat("8001", name="agent")
    busy = carrier.center("12366", name="busy", answers=486)
    citizen = served(phones, carrier, agent)
    first = agent.call
    first.hold()
    phones.until(lambda: citizen.hears_only(MUSIC), 5, "the citizen hears music")
    second = agent.dial("12366")
    phones.until(lambda: has_heard(second, "consult-busy"), 10, "the agent hears that the center is busy")
    phones.until(lambda: second.ended, 5, "the second line is free")
    assert busy.call.ended
    second = agent.dial("12313")
    phones.until(lambda: second.hears_only(center) and center.hears_only("agent"), 10, "agent and center talk")
    assert citizen.hears_only(MUSIC), "the citizen hears the consult"
    first.transfer(second)
    phones.until(lambda: first.ended, 5, "the first line of the agent is free")
    talk_without_the_agent(phones, citizen, second, center)
    center.hang_up()
    phones.until(lambda: citizen.ended, 5, "the call is over")
    never_alone(citizen)
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert legs(record) == [
        ("general", "8001", "answered"),
        ("consult", "12366", "busy"),
        ("consult", "12313", "answered"),
    ]


def test_after_a_transfer_to_a_center_that_does_not_answer_the_citizen_is_first_in_the_queue(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The agent transfers while the center rings; the center never answers."""
    carrier.center("12313", name="silent", answers=False)
    agent = seat("8001", name="agent")
    citizen = served(phones, carrier, agent)
    first = agent.call
    first.hold()
    second = agent.dial("12313")
    phones.until(lambda: carrier.centers["12313"].ringing, 10, "the center rings")
    first.transfer(second)
    phones.until(lambda: first.ended and second.ended, 5, "both lines of the agent are free")
    phones.until(lambda: agent.ringing, 20, "the citizen is first in the queue")
    agent.answer()
    talk(phones, citizen, agent)
    citizen.hang_up()
    phones.until(lambda: agent.call.ended, 5, "the call is over")
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert legs(record) == [
        ("general", "8001", "answered"),
        ("consult", "12313", "no-answer"),
        ("general", "8001", "answered"),
    ]


def test_after_a_refused_transfer_the_agent_hears_so_and_no_citizen_is_lost(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """A second line can only consult. If a phone hangs up after a refused transfer, the citizen is queued again."""
    agent = seat("8001", name="agent")
    citizen = served(phones, carrier, agent)
    first = agent.call
    others = {"8001": "consult-self", "*85": "beeperr", "*618002": "supervise-no-right"}
    for number in ("13912345678", "008613912345678", "8001", "*85", "*618002"):
        second = agent.dial(number)
        prompt = others.get(number, "consult-unknown")
        phones.until(lambda second=second, prompt=prompt: has_heard(second, prompt), 10, f"{number}: {prompt} is heard")
        phones.until(lambda second=second: second.ended, 5, "the second line is free")
    first.transfer(f"sip:13912345678@{hotline.server}")
    phones.until(lambda: 404 in first.transfer_codes, 5, "a NOTIFY says that the transfer is refused")
    phones.until(lambda: has_heard(first, "consult-unknown"), 5, "the agent hears it, too")
    talk_on(phones, citizen, first)
    first.transfer("sip:PJSIP%2F13912345678%40carrier@127.0.0.1")
    phones.until(lambda: 404 in first.transfer_codes, 5, "a NOTIFY says that the transfer is refused")
    first.hang_up()
    phones.until(lambda: agent.ringing, 10, "the citizen is first in the queue")
    agent.answer()
    talk(phones, citizen, agent)
    assert not carrier.unexpected, f"the carrier was asked for {[invite.called for invite in carrier.unexpected]}"
    citizen.hang_up()
    phones.until(lambda: agent.call.ended, 5, "the call is over")
    never_alone(citizen)
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert legs(record) == [("general", "8001", "answered"), ("general", "8001", "answered")]


def talk_on(phones: Phones, citizen: PhoneCall, call: PhoneCall) -> None:
    phones.until(lambda: citizen.hears_only("agent") and call.hears_only(citizen), 5, "citizen and agent talk on")


def served(phones: Phones, carrier: Carrier, agent: SeatPhone, **more: Any) -> PhoneCall:
    """Return the calls of a citizen, who dialled a dual number, and of the agent; the two talk."""
    citizen = carrier.call("12369", **more)
    phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    return citizen
