"""Behaviour of agents' phones: each kind of hold, an immediate refusal, G.722, NAT, a lost network."""

import asyncio
import re
import socket

import pytest

from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.patience import PATIENCE
from testkit.signalling import Port
from testkit.waiting_async import until

G722 = 9  # payload type
PRIVATE = "192.168.77.5"
SOUNDS = 20  # different A-law values in half a second; silence has two
CENTER = "12366"
HOLDS = {
    "sendonly": {"direction": "sendonly"},
    "inactive": {"direction": "inactive"},
    "as RFC 2543 has it": {"address": "0.0.0.0"},
}


async def packets(port: Port, seconds: float = 0.5) -> tuple[set[int], set[int]]:
    """Return the payload types and the audio bytes that a port receives in the next `seconds`."""
    _drain(port.sound)
    await asyncio.sleep(seconds)
    received = _drain(port.sound)
    return {packet[1] & 0x7F for packet in received}, {value for packet in received for value in packet[12:]}


def _drain(sound: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(sound.recv(2048))
        except BlockingIOError:
            return found


async def hears_something(port: Port) -> None:
    """Wait until the port receives sound, and check that it still receives sound 2 s later."""
    async with asyncio.timeout(PATIENCE):
        while len((await packets(port))[1]) < SOUNDS:
            pass
    _types, values = await packets(port, 2)
    assert len(values) > SOUNDS, "the sound stopped"


@pytest.mark.timeout(400)
async def test_a_citizen_on_hold_hears_music(street: RawSipHotline) -> None:
    await street.staff("8001", "8002", "8003")
    citizens: dict[str, Port] = {}

    async def scene(at: int, way: str) -> None:
        """The agent is silent, so that the citizen's only sound is the music."""
        caller = f"1380000000{at}"
        port = citizens[way] = await Port().open()
        port.at(street.hotline.server)
        citizen = port.call("12369", caller)
        agent = await until(lambda: street.agent_of(caller), "an agent answers")
        async with asyncio.timeout(PATIENCE):
            while len((await packets(port))[1]) > SOUNDS:  # the prompt has ended
                pass
        agent.offer(**HOLDS[way])
        await hears_something(port)
        agent.offer()
        async with asyncio.timeout(PATIENCE):
            while len((await packets(port))[1]) > SOUNDS:
                pass
        assert not agent.ended
        citizen.hang_up()
        await until(lambda: agent.ended, "the agent is free")

    try:
        await together(*(scene(at, way) for at, way in enumerate(HOLDS)))
    finally:
        for port in citizens.values():
            port.close()
    records = await until(lambda: street.hotline.records(len(HOLDS)), "the calls are in the record")
    assert {record["outcome"] for record in records} == {"answered"}
    assert [len(record["held"]) for record in records] == [1] * len(HOLDS), "each hold stands in the record"


async def test_if_a_phone_declines_at_once_the_next_seat_rings(street: RawSipHotline) -> None:
    """A phone declines by do not disturb (486 or 603), without its network (480), or by call forwarding (302)."""
    for number, code in {"8001": 486, "8002": 603, "8003": 480, "8004": 302}.items():
        seat = await street.seat(number)
        seat.refuses = {number: code}
    await street.seat("8005")
    citizen, agent = await street.served("13800000001")
    assert agent.invite
    assert agent.invite.user == "8005"
    citizen.hang_up()
    record = (await until(lambda: street.hotline.records(1), "the call is in the record"))[0]
    assert (record["outcome"], record["seat"]) == ("answered", "8005")


async def test_a_phone_with_g_722_gets_g_722(street: RawSipHotline) -> None:
    """The carrier sends A-law, so the hotline transcodes."""
    seat = await street.seat("8001")
    seat.on_invite = lambda leg: leg.answer(f"{G722} 101")
    citizen, _agent = await street.served("13800000001")
    citizen.speak()
    async with asyncio.timeout(PATIENCE):
        while len((await packets(seat))[1]) < SOUNDS:
            pass
    types, _values = await packets(seat)
    assert types == {G722}
    citizen.hang_up()


class PortBehindNat(Port):
    """A phone that writes its private address into Via, Contact and SDP."""

    def send(self, text: str) -> None:
        text = re.sub(r"(Via: SIP/2.0/UDP |Contact: <sip:[^@]*@)[^;>]*", rf"\g<1>{PRIVATE}:5060", text)
        super().send(text.replace(f"c=IN IP4 {self.host}", f"c=IN IP4 {PRIVATE}"))


async def test_a_seat_behind_nat_rings_talks_and_hangs_up(street: RawSipHotline) -> None:
    """SIP is sent to the source of the request (RFC 3581), RTP to the source of the RTP.

    Once a call has lasted 5 s, Asterisk takes sound from no other source (strictrtp): a phone whose port changes has to
    send a re-INVITE.
    """
    seat = await PortBehindNat().open()
    await street.seat("8001", at=seat)
    citizen, agent = await street.served("13800000009")
    agent.speak()
    await hears_something(street.carrier)
    citizen.speak()
    await hears_something(seat)
    seat.sound.close()
    seat.sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    seat.sound.setblocking(False)
    seat.sound.bind((seat.host, 0))
    seat.rtp_port = seat.sound.getsockname()[1]
    agent.offer()
    await hears_something(seat)
    citizen.hang_up()
    await until(lambda: agent.ended, "the phone gets the BYE of the citizen")


@pytest.mark.timeout(400)
async def test_a_call_of_a_phone_without_network_ends_and_a_silent_call_with_live_phones_goes_on(
    street: RawSipHotline,
) -> None:
    """Agents' phones lose the network: in a talk, in a consult that rings or is answered, in a three-way call.

    A citizen's phone loses the network, too. The engine asks a citizen's phone after 40 s of silence
    (tests/operations/test_dead_calls.py); this test asks at once.
    """
    street.carrier.on_invite = lambda leg: leg.answer() if leg.invite and leg.invite.user == CENTER else None
    elsewhere = await Port().open()
    elsewhere.at(street.hotline.server)
    await street.staff("8001", "8002", "8003", "8004", "8005", "8006", "8007", "8008")
    callers = [f"1360000002{at}" for at in range(5)]
    served = [await street.served(caller) for caller in callers]
    (talks, dead), (waits, consults), (held, talks_with_center), (third, joined), (kept, living) = served
    elsewhere.call("12369", "13600000029")
    await until(lambda: street.agent_of("13600000029"), "an agent answers the citizen")
    party = await street.consult(consults, "12313")
    centers = [await street.consult(agent, CENTER) for agent in (talks_with_center, joined)]
    for caller in callers[2:4]:
        await until(lambda caller=caller: street.consulted(caller), f"the agent of {caller} talks with the center")
    await joined.press("*3")
    lose = (dead, consults, talks_with_center, joined)
    for agent in lose:
        agent.port.die()
        agent.ended = True
    elsewhere.die()
    kept.request("UPDATE", headers=("Supported: timer", "Session-Expires: 1800;refresher=uac"))
    channels = re.findall(r"^(PJSIP/[^!]+)!", await street.console("core show channels concise"), re.MULTILINE)
    for channel in channels:
        if channel.startswith("PJSIP/carrier-"):
            await street.console(f"pjsip send notify keep-alive channel {channel}")
    for caller in callers[:2]:
        await until(lambda caller=caller: street.agent_of(caller), f"another agent answers {caller}", 90)
    assert not party.answered
    for caller in callers[2:4]:
        await until(
            lambda caller=caller: any(
                call["phones_lost"] for call in street.hotline.calls() if call["caller"] == caller
            ),
            f"the hotline gives up the phone of {caller}'s agent",
            90,
        )
    assert not any(call.ended for call in (talks, waits, held, third, *centers)), (
        "each citizen talks with an agent or a center"
    )
    await until(lambda: not street.agent_of("13600000029"), "the call of the citizen without network ends", 90)
    await until(lambda: kept.answers.get("UPDATE") == 200, "the refresh of the peer is answered")
    kept.answers.clear()
    living.offer()
    await until(lambda: living.answers.get("INVITE") == 200, "the silent call with live phones goes on")
    assert not kept.ended
    assert not living.ended
    elsewhere.close()
    legs = next(call["legs"] for call in street.hotline.calls() if call["caller"] == callers[0])
    assert legs[0]["target"] == "8001", "the record has the agent whose phone died, and the next one"
    assert [leg["result"] for leg in (legs[0], legs[-1])] == ["answered", "answered"]
    lost = {call["caller"]: call["phones_lost"] for call in street.hotline.calls()}
    assert [lost[caller] for caller in callers] == [[agent.invite.user] if agent.invite else [] for agent in lose] + [
        []
    ]
