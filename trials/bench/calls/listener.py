"""A citizen who listens: sends raw SIP, and keeps every packet of sound."""

import asyncio
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from testkit.phones.tones import Samples
from testkit.signalling import Port, SignallingCall

_HEADER = 12  # bytes of an RTP packet before its sound
_SILENCE = bytes((0x80, 8, 0, 1)) + bytes(8) + b"\xd5" * 160


@dataclass
class CallAudio(asyncio.DatagramProtocol):
    """The received sound of one call."""

    packets: list[tuple[float, int, bytes]] = field(default_factory=list)  # time, sequence number, A-law
    first: asyncio.Event = field(default_factory=asyncio.Event)

    def datagram_received(self, data: bytes, _address: object) -> None:
        """Keep a packet."""
        if len(data) > _HEADER and data[1] & 0x7F == 8:
            self.packets.append((asyncio.get_running_loop().time(), int.from_bytes(data[2:4], "big"), data[_HEADER:]))
            self.first.set()

    @property
    def lost(self) -> int:
        """Return the number of packets that never came."""
        if not self.packets:
            return 0
        numbers = {number for _when, number, _sound in self.packets}
        return (self.packets[-1][1] - self.packets[0][1]) % 65536 + 1 - len(numbers)

    @property
    def sound(self) -> Samples:
        """Return the received sound, at 8 kHz."""
        coded = np.frombuffer(b"".join(sound for _when, _number, sound in self.packets), np.uint8)
        return _A_LAW[coded]


class Citizens:
    """Callers who listen, on one SIP port."""

    def __init__(self, port: Port) -> None:
        """Open the SIP port of the callers."""
        self._port = port
        self._transports: dict[str, asyncio.DatagramTransport] = {}
        port.on_answer = self._speak
        port.sound.close()  # each call has an RTP port of its own

    @classmethod
    async def of(cls, server: str) -> Self:
        """Return callers who call the hotline at HOST:PORT."""
        port = await Port().open()
        host, _colon, number = server.partition(":")
        port.server = (host, int(number))
        return cls(port)

    async def call(self, number: str, caller: str) -> tuple[SignallingCall, CallAudio]:
        """Have a caller dial a number."""
        loop = asyncio.get_running_loop()
        transport, audio = await loop.create_datagram_endpoint(CallAudio, ("127.0.0.1", 0))
        self._port.rtp_port = transport.get_extra_info("sockname")[1]
        leg = self._port.call(number, caller)
        self._transports[leg.call_id] = transport
        return leg, audio

    def hang_up(self, leg: SignallingCall) -> None:
        """End a call."""
        leg.hang_up()
        self._transports.pop(leg.call_id).close()

    def close(self) -> None:
        """End all calls, and close the port."""
        for transport in self._transports.values():
            transport.close()
        self._port.close()

    def _speak(self, leg: SignallingCall) -> None:
        """Send a first RTP packet, as every phone does, because Asterisk waits half a second for it."""
        self._transports[leg.call_id].sendto(_SILENCE, leg.rtp)


def _decoded(code: int) -> int:
    code ^= 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return magnitude if code & 0x80 else -magnitude


_A_LAW = np.array([_decoded(code) for code in range(256)], np.int16)  # ITU-T G.711
