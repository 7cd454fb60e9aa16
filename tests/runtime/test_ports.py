"""A port that is reported as free can be bound; a port in use is named."""

import os
import random
import socket
from pathlib import Path

import pytest

from ivr.runtime.errors import PortInUse
from ivr.runtime.ports import check_udp_free, free_ports, free_rtp_range, listen_address, phones_address


def test_free_ports_can_be_bound_and_the_kernel_gives_them_to_no_program() -> None:
    ports = free_ports("127.0.0.1", 4)
    assert len(set(ports)) == 4
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    for port in ports:
        assert 1024 < port < lowest
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", port))


def test_a_port_that_is_taken_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other_socket:
        other_socket.bind(("127.0.0.1", free_ports("127.0.0.1", 1)[0]))
        taken_port = other_socket.getsockname()[1]
        monkeypatch.setattr(random, "sample", lambda _ports, _count: [taken_port, taken_port + 1, taken_port + 2])
        assert free_ports("127.0.0.1", 1) != [taken_port]


def test_no_port_of_another_machine_is_free() -> None:
    with pytest.raises(PortInUse, match="is not an address of this machine"):
        free_ports("192.0.2.1", 1)


def test_a_port_in_use_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other_socket:
        other_socket.bind(("127.0.0.1", 0))
        port = other_socket.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"port {port} of 127\.0\.0\.1 is in use"):
            check_udp_free("127.0.0.1", port)
    check_udp_free("127.0.0.1", port)


def test_the_refusal_of_another_machines_address_gives_that_reason() -> None:
    for host in ("192.0.2.1", "no such host"):
        with pytest.raises(PortInUse, match="is not an address of this machine"):
            check_udp_free(host, 5060)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may take every port")
def test_the_refusal_of_a_port_below_1024_says_that_the_port_is_reserved() -> None:
    with pytest.raises(PortInUse, match="reserved for root"):
        check_udp_free("127.0.0.1", 80)


def test_an_rtp_range_starts_even_and_is_free() -> None:
    first, last = free_rtp_range("127.0.0.1", 100)
    assert first % 2 == 0
    assert last - first + 1 == 100
    for port in range(first, last + 1):
        check_udp_free("127.0.0.1", port)


def test_a_name_is_listened_on_by_its_address() -> None:
    assert listen_address("localhost:5060") == ("127.0.0.1", 5060)
    assert listen_address("192.0.2.10:5060") == ("192.0.2.10", 5060)


def test_a_name_without_an_address_is_refused_at_once() -> None:
    with pytest.raises(PortInUse, match=r"^nowhere\.invalid has no IPv4 address"):
        listen_address("nowhere.invalid:5060")


def test_phones_get_an_address_that_they_can_call() -> None:
    assert phones_address("192.0.2.10") == "192.0.2.10"
    assert phones_address("0.0.0.0") != "0.0.0.0"
