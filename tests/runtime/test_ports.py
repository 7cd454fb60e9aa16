"""Ports are free when they are said to be; one in use is named."""

import os
import socket

import pytest

from ivr.runtime.errors import PortInUse
from ivr.runtime.ports import check_udp_free, free_port, free_rtp_range


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_free_port_can_be_bound(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", free_port("127.0.0.1", kind)))


def test_a_port_in_use_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"port {port} of 127\.0\.0\.1 is in use"):
            check_udp_free("127.0.0.1", port)
    check_udp_free("127.0.0.1", port)


def test_an_address_of_another_machine_is_said_to_be_so() -> None:
    for host in ("192.0.2.1", "no such host"):
        with pytest.raises(PortInUse, match="is not an address of this machine"):
            check_udp_free(host, 5060)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may take every port")
def test_a_port_below_1024_is_said_to_be_reserved() -> None:
    with pytest.raises(PortInUse, match="reserved for root"):
        check_udp_free("127.0.0.1", 80)


def test_an_rtp_range_starts_even_and_is_free() -> None:
    first, last = free_rtp_range("127.0.0.1", 100)
    assert first % 2 == 0
    assert last - first + 1 == 100
    for port in range(first, last + 1):
        check_udp_free("127.0.0.1", port)
