"""Receives Asterisk's copy of each SIP message (res_hep), keeps the last hour, and passes messages on to watchers."""

import asyncio
import logging
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Self

from ivr.engine.packet_history import PacketHistory
from ivr.signalling.hep import CapturedPacket, decode
from ivr.texts import _

log = logging.getLogger(__name__)

_LARGEST = 65535
_AT_ONCE = 256  # packets of one turn of the event loop
# Seconds in which packets gather before they are read, because waking the engine for each of a call's dozen packets
# costs more than reading them. The dialplan waits 0.3 s for the effect of a packet (dialplans/extensions/offers.conf).
_GATHERED = 0.05
_BUFFER = 4 * 1024 * 1024
# A cheap look into the packet: only these transactions begin, move or end a call or a registration. Asterisk writes the
# header like this in its own messages; a peer may write it otherwise.
_WATCHED = re.compile(rb"(?i)\ncseq[ \t]*:[ \t]*[0-9]+[ \t]+(?:INVITE|REGISTER|REFER|NOTIFY)")


class SipCapture:
    """Receives the copies while its context is open."""

    def __init__(self, port: int, password: str, watch: Callable[[CapturedPacket], None]) -> None:
        """``watch`` gets each message of an INVITE, REGISTER, REFER or NOTIFY transaction."""
        self._port, self._password, self._watch = port, password.encode(), watch
        self._history = PacketHistory()
        self._reading: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        """Start; if the port is taken, log it, because calls must not wait for traces."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.setblocking(False)
        try:
            self._socket.bind(("127.0.0.1", self._port))
        except OSError as error:
            log.error(
                _("SIP messages are not kept and trunks are not watched: port %d: %s"), self._port, error.strerror
            )
            return self
        self._wait()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop."""
        if self._reading:
            self._reading.cancel()
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def packets(self, seconds: float) -> list[CapturedPacket]:
        """Return the messages of the last ``seconds``, the oldest first."""
        decoded = (decode(data, self._password) for data in self._history.since(time.monotonic() - seconds))
        return [packet for packet in decoded if packet is not None]

    def _wait(self) -> None:
        """Wait for a packet."""
        asyncio.get_running_loop().add_reader(self._socket, self._begin)

    def _begin(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._gather()

    def _gather(self) -> None:
        self._reading = asyncio.get_running_loop().call_later(_GATHERED, self._read)

    def _read(self) -> None:
        """Read the packets that have gathered. As long as packets come, only the time wakes the engine."""
        now, packets = time.monotonic(), list(self._received())
        if packets:
            self._gather()
        else:
            self._wait()
        for data in packets:
            self._history.add(now, data)
            if _WATCHED.search(data) and (packet := decode(data, self._password)):
                self._watch(packet)

    def _received(self) -> Iterator[bytes]:
        for _packet in range(_AT_ONCE):
            try:
                yield self._socket.recv(_LARGEST)
            except (BlockingIOError, InterruptedError):
                return
