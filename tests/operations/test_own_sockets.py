"""Asterisk's own SIP messages are recognised, even if carriers and phones use the hotline's port at their addresses."""

import pytest

from ivr.engine.own_sockets import OwnSockets, is_local
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.ports import ANY
from ivr.signalling.hep import CapturedPacket

CARRIER, OURS = ("192.0.2.9", 5060), ("127.0.0.1", 5060)


def sent(sip_host: str, source: tuple[str, int], destination: tuple[str, int]) -> bool:
    facts = HotlineFacts(
        pid=1, sip_host=sip_host, sip_port=5060, rtp_from=10000, rtp_to=10100, carrier=None, fastagi_port=1,
        ami_port=2, numbers="numbers.yaml", database="", asterisk="22", sip_web_port=8088,
    )  # fmt: skip
    return OwnSockets(facts).sent(CapturedPacket(0.0, source, destination, b""))


@pytest.mark.parametrize("sip_host", ["127.0.0.1", ANY])
def test_a_carrier_at_port_5060_is_not_the_hotline(sip_host: str) -> None:
    assert sent(sip_host, OURS, CARRIER)
    assert sent(sip_host, ("127.0.0.1", 5061), CARRIER), "TLS"
    assert not sent(sip_host, CARRIER, OURS)
    assert not sent(sip_host, ("127.0.0.1", 40000), OURS), "a phone of the same machine"


def test_messages_to_pages_come_from_the_port_for_websockets() -> None:
    assert sent("192.0.2.1", ("127.0.0.1", 8088), ("127.0.0.1", 50000))
    assert not sent("192.0.2.1", ("127.0.0.1", 50000), ("127.0.0.1", 8088))


def test_a_machine_knows_its_own_addresses() -> None:
    assert is_local("127.0.0.1")
    assert not is_local("192.0.2.9")
    assert not is_local("255.255.255.255"), "broadcast may not be reached"
