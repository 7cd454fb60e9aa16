"""Keys as carriers send them: DTMF tones at each ptime, INFO, RFC 4733 with lost and duplicated packets."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.signalling import Port, SignallingCall
from testkit.waiting_async import until

RATE, KEY_1 = 8000, (697, 1209)  # hertz
PTIMES = (10, 20, 40)  # ms
KEY_BY_INFO = {
    "dtmf-relay": ("application/dtmf-relay", "Signal=1\r\nDuration=160\r\n"),
    "dtmf-relay with spaces": ("application/dtmf-relay", "Signal= 1\nDuration= 160"),
    "dtmf": ("application/dtmf", "1"),
}
EVENT, END = 160, 0x80  # samples of a packet; the end bit of RFC 4733


def a_law(sound: "np.ndarray[Any, np.dtype[np.float64]]") -> bytes:
    """Encode sound of -1 to 1 (ITU-T G.711)."""
    steps = np.minimum(np.abs(sound) * 4096, 4095).astype(int)
    segment = np.maximum(np.floor(np.log2(np.maximum(steps, 1))).astype(int) - 4, 0)
    code = (segment << 4) | ((steps >> np.maximum(segment, 1)) & 15)
    return ((code | np.where(sound >= 0, 0x80, 0)) ^ 0x55).astype(np.uint8).tobytes()


def tone() -> bytes:
    """A second of silence, the key 1 for 150 ms, a second of silence."""
    time = np.arange(int(RATE * 0.15)) / RATE
    key = sum(0.25 * np.sin(2 * np.pi * hertz * time) for hertz in KEY_1)
    return a_law(np.concatenate([np.zeros(RATE), key, np.zeros(RATE)]))


def events(kind: str) -> list[bytes]:
    """Return the packets of the key 1 by RFC 4733: payload and sequence number, all with the same time stamp."""
    held = [bytes((1, 10)) + (EVENT * (at + 1)).to_bytes(2, "big") for at in range(5)]
    ends = [bytes((1, 10 | END)) + (EVENT * 6).to_bytes(2, "big")] * 3
    match kind:
        case "each packet twice":
            return [packet for packet in held + ends for _again in range(2)]
        case "no end":
            return held
        case "ends only":
            return ends
        case _:
            return [held[1], held[0], *held[2:], *ends]


@pytest.fixture
async def ports(street: RawSipHotline) -> AsyncIterator[list[Port]]:
    """Give a port for each citizen, because each port receives the sound of all its calls."""
    found: list[Port] = []
    yield found
    for port in found:
        for leg in list(port.legs.values()):
            leg.hang_up()
    await until(lambda: not street.hotline.ask("status")["calls"], "no call is up")
    for port in found:
        port.close()


@pytest.mark.timeout(400)
async def test_a_key_counts_as_tone_info_or_event_at_each_ptime(street: RawSipHotline, ports: list[Port]) -> None:
    async def dials(caller: str, offer: str = "") -> tuple[Port, SignallingCall]:
        port = await Port().open()
        ports.append(port)
        port.at(street.hotline.server)
        offer = offer and f"m=audio {port.rtp_port} RTP/AVP {offer}"
        call = port.call("12345", caller, offer=offer)
        await until(lambda: call.rtp, "the hotline answers")
        return port, call

    async def counts(call: SignallingCall, caller: str, kind: str) -> None:
        def path() -> str:
            return next((str(record["path"]) for record in street.hotline.calls() if record["caller"] == caller), "")

        assert await until(path, f"{kind} counts") == "main:1", f"{kind}: {path()}"
        call.hang_up()

    async def by_tone(at: int, ptime: int) -> None:
        caller = f"1350000001{at}"
        port, call = await dials(caller, f"8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:{ptime}\r\n")
        assert call.rtp
        sound, size = tone(), RATE // 1000 * ptime
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for begin in range(0, len(sound), size):
            header = bytes((0x80, 8)) + (begin // size).to_bytes(2, "big") + begin.to_bytes(4, "big") + b"tone"
            port.sound.sendto(header + sound[begin : begin + size], call.rtp)
            await asyncio.sleep(max(0.0, begun + (begin + size) / RATE - loop.time()))
        assert {len(packet) - 12 for packet in _received(port)} == {size}, f"ptime {ptime}"
        await counts(call, caller, f"a tone at ptime {ptime}")

    async def by_info(at: int, kind: str) -> None:
        caller = f"1350000002{at}"
        _port, call = await dials(caller)
        call.request("INFO", KEY_BY_INFO[kind][1], KEY_BY_INFO[kind][0])
        await counts(call, caller, kind)

    async def by_event(at: int, kind: str) -> None:
        caller = f"1350000003{at}"
        port, call = await dials(caller)
        assert call.rtp
        for number, payload in enumerate(events(kind)):
            header = bytes((0x80, 101 | (0x80 if number == 0 else 0))) + number.to_bytes(2, "big") + bytes(4) + b"keys"
            port.sound.sendto(header + payload, call.rtp)
            await asyncio.sleep(0.02)
        call.speak()  # without an end packet, the next sound ends the key
        await counts(call, caller, kind)

    kinds = ("each packet twice", "no end", "ends only", "in another order")
    await together(
        *(by_tone(at, ptime) for at, ptime in enumerate(PTIMES)),
        *(by_info(at, kind) for at, kind in enumerate(KEY_BY_INFO)),
        *(by_event(at, kind) for at, kind in enumerate(kinds)),
    )


async def test_a_center_without_telephone_event_hears_the_agents_keys_as_tones(street: RawSipHotline) -> None:
    """The promise holds in a consult and in a three-way call; a phone that offers RFC 4733 gets no tone."""
    await street.staff("8001")
    street.carrier.on_invite = lambda leg: leg.answer("8")
    citizen, agent = await street.served("13500000041")
    center = await street.consult(agent, "12313")
    await until(lambda: street.consulted("13500000041"), "the agent talks with the center")
    for stage in ("consult", "three-way call"):
        _received(street.carrier)
        heard: list[bytes] = []

        def is_heard(heard: list[bytes] = heard) -> bool:
            heard += _received(street.carrier)
            return len(_streams_with_key_1(heard)) == 1

        agent.keys("1")
        await until(is_heard, f"the center hears the key as a tone in the {stage}", 10)
        await agent.press("*3")
        await until(lambda: agent.answers.get("INFO") == 200, "the keys arrive")
        await asyncio.sleep(1)  # until the three are in one bridge
    citizen.hang_up()
    center.hang_up()
    await until(lambda: agent.ended, "the agent is free")


def _streams_with_key_1(packets: list[bytes]) -> set[bytes]:
    """Return the sources (SSRC) of sound that consists of the tones of the key 1 for 60 ms or more."""
    with_tone: dict[bytes, int] = {}
    for packet in packets:
        sound = _of_a_law(packet[12:])
        power = float(np.sum(sound**2))
        turns = np.exp(-2j * np.pi * np.arange(len(sound)) / RATE * np.array(KEY_1)[:, None])
        of_key = float(np.sum(np.abs(turns @ sound) ** 2)) * 2 / max(len(sound), 1)
        if packet[1] & 0x7F == 8 and power > 0.01 and of_key > 0.7 * power:
            with_tone[packet[8:12]] = with_tone.get(packet[8:12], 0) + 1
    return {source for source, count in with_tone.items() if count >= 3}


def _of_a_law(packet: bytes) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Decode A-law to -1 to 1 (ITU-T G.711)."""
    code = np.frombuffer(packet, np.uint8).astype(int) ^ 0x55
    segment, step = (code >> 4) & 7, code & 15
    size = np.where(segment == 0, 2 * step + 1, (2 * step + 33) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, size, -size) / 4096


def _received(port: Port) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(port.sound.recv(2048))
        except BlockingIOError:
            return found
