"""Looks a carrier's host up in DNS: the SRV records (RFC 3263) of a name without a port, and the addresses."""

import asyncio
import ipaddress
from dataclasses import dataclass

from ivr.lazy import late
from ivr.registry.trunk_model import Host, SipTransport

# Many hotlines have no host to look up.
_asyncresolver, _exception, _resolver = late("dns.asyncresolver"), late("dns.exception"), late("dns.resolver")
_SERVICES = {SipTransport.UDP: "_sip._udp", SipTransport.TCP: "_sip._tcp", SipTransport.TLS: "_sips._tcp"}
_SECONDS = 5.0  # for one DNS query


@dataclass(frozen=True, slots=True, order=True)
class HostPlace:
    """An address of a host, and the port that requests to it go to."""

    address: str
    port: int


async def places(host: Host, transport: SipTransport, default_port: int) -> tuple[HostPlace, ...]:
    """Return the addresses and ports of a host, in a fixed order; none if DNS does not know it or does not answer.

    Requests go to the targets of the SRV records. Calls may come from the addresses of the name itself, too.
    """
    targets = {(host.name, host.port or default_port)}
    if host.port is None and not _is_address(host.name):
        srv_targets = await _targets(f"{_SERVICES[transport]}.{host.name}")
        if srv_targets is None:
            return ()
        targets |= srv_targets
    host_places = [HostPlace(address, port) for name, port in targets for address in await _addresses(name)]
    return tuple(sorted(set(host_places)))


async def _targets(service: str) -> set[tuple[str, int]] | None:
    """Return names and ports of the SRV records, an empty set if there are none; None if DNS does not answer."""
    try:
        answer = await _asyncresolver.Resolver().resolve(service, "SRV", lifetime=_SECONDS)
    except (_resolver.NXDOMAIN, _resolver.NoAnswer, _resolver.NoResolverConfiguration):
        return set()
    except (_exception.DNSException, OSError):
        return None
    return {(record.target.to_text(omit_final_dot=True), record.port) for record in answer}


async def _addresses(name: str) -> tuple[str, ...]:
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(name, None)
    except OSError:
        return ()
    return tuple({str(answer[4][0]) for answer in answers})


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
