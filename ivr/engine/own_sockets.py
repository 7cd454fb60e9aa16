"""Tells the SIP messages that Asterisk sends from those that it receives."""

import socket
from functools import lru_cache

from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.ports import ANY
from ivr.signalling.hep import CapturedPacket

_LOOPBACK = "127.0.0.1"


class OwnSockets:
    """The sockets at which this hotline's Asterisk takes SIP.

    Address and port count together: carriers, phones and the hotline alike use port 5060 (RFC 3261, 19.1.2).
    """

    def __init__(self, facts: HotlineFacts) -> None:
        """``facts`` has the addresses of this hotline's ``ivr up``."""
        self._host = facts.sip_host
        self._ports = (facts.sip_port, facts.tls_port)
        self._web = (_LOOPBACK, facts.sip_web_port)

    def sent(self, packet: CapturedPacket) -> bool:
        """Return whether Asterisk sent a message; if it did not, Asterisk received it."""
        address, port = packet.source
        if (address, port) == self._web:
            return True
        return port in self._ports and (is_local(address) if self._host == ANY else address == self._host)


@lru_cache(maxsize=256)
def is_local(address: str) -> bool:
    """Return whether an address belongs to this machine: the kernel would send to it from the same address.

    No packet is sent. A socket that can be bound to the address is no proof, because the machine of a front has
    `ip_nonlocal_bind`.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
        except OSError:
            return False
        return bool(probe.getsockname()[0] == address)
