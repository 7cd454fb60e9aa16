"""Calls of a host whose address changes in DNS are accepted from the new address without a reload."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from ivr.asterisk.ami.manager import Ami
from ivr.asterisk.config.console import Console
from ivr.engine import host_lookup
from ivr.engine.host_lookup import HostPlace
from ivr.engine.trunk_monitor import TrunkMonitor
from ivr.registry.model import Place
from ivr.registry.trunk_model import Host, Trunk
from ivr.site import trunk_settings

TRUNK = Trunk("ims", (Host("sbc.example.cn", 5060), Host("192.0.2.9")), Place("t.yaml", 1, 1))
NAMED = Trunk("ims", (Host("ims.example.cn"),), Place("t.yaml", 1, 1))


async def test_new_addresses_are_put_in_force_and_an_outage_of_dns_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    dns: dict[str, list[str]] = {"sbc.example.cn": ["192.0.2.1"], "192.0.2.9": ["192.0.2.9"]}

    async def getaddrinfo(name: str, _port: object) -> list[Any]:
        if not dns[name]:
            raise OSError
        return [(0, 0, 0, "", (address, 0)) for address in dns[name]]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    moves: list[Mapping[str, tuple[str, ...]]] = []

    async def moved(addresses: Mapping[str, tuple[str, ...]]) -> None:
        moves.append(addresses)

    def nothing(_found: object) -> None: ...

    ami, console = Ami("127.0.0.1", 1, "", ""), Console(tmp_path / "none")
    monitor = TrunkMonitor(ami, console, lambda: (TRUNK,), nothing, nothing, moved, bool)
    for answers in (["192.0.2.1"], [], ["192.0.2.1"], ["192.0.2.2", "192.0.2.1"]):
        dns["sbc.example.cn"] = answers
        await monitor._resolve()
    assert [move["sbc.example.cn"] for move in moves] == [("192.0.2.1", "192.0.2.2")]
    made = trunk_settings.endpoint(
        TRUNK, own_number="12345", passwords={}, sip_host="", certificates=tmp_path, addresses=moves[0]
    )
    assert made.addresses == ("192.0.2.1", "192.0.2.2", "192.0.2.9")


async def test_a_name_without_a_port_has_the_addresses_of_its_srv_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name's own address may call in, too; without SRV records it is where calls go."""
    addresses = {"one.example.cn": "192.0.2.1", "two.example.cn": "192.0.2.2", "ims.example.cn": "192.0.2.3"}
    records: set[tuple[str, int]] | None = {("one.example.cn", 5070), ("two.example.cn", 5080)}

    async def getaddrinfo(name: str, _port: object) -> list[Any]:
        return [(0, 0, 0, "", (addresses[name], 0))]

    async def targets(service: str) -> set[tuple[str, int]] | None:
        assert service == "_sip._udp.ims.example.cn"
        return records

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(host_lookup, "_targets", targets)
    [host] = NAMED.hosts
    own = HostPlace("192.0.2.3", 5060)
    assert await host_lookup.places(host, NAMED.transport, 5060) == (
        HostPlace("192.0.2.1", 5070), HostPlace("192.0.2.2", 5080), own,
    )  # fmt: skip
    records = set()
    assert await host_lookup.places(host, NAMED.transport, 5060) == (own,)
    records = None
    assert await host_lookup.places(host, NAMED.transport, 5060) == (), "an outage of DNS changed the addresses"
