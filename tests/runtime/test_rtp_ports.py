"""Each hotline of a machine has RTP ports of its own, and enough of them."""

import os
import socket
import subprocess
import sys

import pytest

from ivr.runtime import rtp_ports
from ivr.runtime.errors import PortInUse

HOST = "127.0.0.1"
HOLD = """
import sys
from ivr.runtime import rtp_ports
print(*rtp_ports.claim("127.0.0.1", eval(sys.argv[1]), 5060), flush=True)
sys.stdin.read()
"""


class OtherHotline:
    """The claim of another hotline of this machine on RTP ports."""

    def __init__(self, ports: tuple[int, int] | None) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([sys.executable, "-c", HOLD, str(ports)], stdin=pipe, stdout=pipe, text=True)
        assert self.process.stdout
        self.first, self.last = map(int, self.process.stdout.readline().split())

    def end(self) -> None:
        self.process.communicate()


@pytest.fixture
def free() -> int:
    """Return the first port of a range that no other test claims."""
    return 33_000 + os.getpid() % 1000 * 20


@pytest.mark.parametrize("shift", [0, -3, 3])
def test_a_range_that_overlaps_another_hotlines_is_refused(free: int, shift: int) -> None:
    second = OtherHotline((free, free + 9))
    try:
        with pytest.raises(PortInUse, match=f"another hotline of this machine has {free}-{free + 9}"):
            rtp_ports.claim(HOST, (free + shift, free + 9 + shift), 5060)
    finally:
        second.end()


def test_a_range_beside_another_is_accepted_and_an_ended_hotline_releases_its_range(free: int) -> None:
    OtherHotline((free, free + 9)).end()
    assert OtherHotline((free, free + 9)).end() is None
    beside = OtherHotline((free + 10, free + 19))
    assert (beside.first, beside.last) == (free + 10, free + 19)
    beside.end()


def test_without_the_option_two_hotlines_get_different_ranges() -> None:
    first, second = OtherHotline(None), OtherHotline(None)
    try:
        assert first.last - first.first + 1 == second.last - second.first + 1 == rtp_ports.PORTS
        assert first.last < second.first or second.last < first.first
    finally:
        first.end()
        second.end()


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [((20_000, 20_002), "there is room for no call"), ((5000, 5100), "the SIP port 5060 is among them")],
)
def test_a_malformed_range_is_refused(wanted: tuple[int, int], reason: str) -> None:
    with pytest.raises(PortInUse, match=reason):
        rtp_ports.claim(HOST, wanted, 5060)


def test_ports_for_fewer_calls_than_the_limit_allows_are_mentioned() -> None:
    assert rtp_ports.too_few(10_000, 10_599, 240, 60) == ""
    assert "there are 100, and the 240 calls at once" in rtp_ports.too_few(10_000, 10_099, 240, 9)


def test_a_claim_leaves_its_ports_free_for_asterisk(free: int) -> None:
    second = OtherHotline((free, free + 9))
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sound:
            sound.bind((HOST, free))
    finally:
        second.end()
