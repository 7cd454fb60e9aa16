"""The values of Asterisk's templates, from the registry's trunks."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from ivr.asterisk.config.trunk_endpoints import (
    ConfigText,
    PatternRule,
    TrunkAccount,
    TrunkEndpoint,
    TrunkHost,
    TrunkRoute,
    contact_name,
)
from ivr.registry.model import City, Registry
from ivr.registry.trunk_model import DtmfMode, Host, NumberForm, SipTransport, Trunk
from ivr.routing.number_forms import NumberRule, caller_rules, outgoing_rules
from ivr.runtime import ports

_PORT = {SipTransport.UDP: 5060, SipTransport.TCP: 5060, SipTransport.TLS: 5061}
_DTMF = {DtmfMode.AUTO: "auto", DtmfMode.RFC4733: "rfc4733", DtmfMode.TONES: "inband"}


def trunks_in_force(registry: Registry, carrier: str | None) -> tuple[Trunk, ...]:
    """Return the trunks; ``carrier``, HOST:PORT of `ivr up --carrier`, replaces the hosts of the first trunk."""
    first_trunk, *other_trunks = registry.trunks
    if carrier:
        host, port = ports.address(carrier)
        first_trunk = replace(first_trunk, hosts=(Host(host, port),))
    return (first_trunk, *other_trunks)


def endpoint(
    trunk: Trunk,
    *,
    own_number: str,
    passwords: Mapping[str, str],
    sip_host: str,
    certificates: Path,
    addresses: Mapping[str, tuple[str, ...]],
) -> TrunkEndpoint:
    """Return a trunk for the templates; a registration without its password is left out.

    Args:
        trunk: of the registry.
        own_number: the hotline's.
        passwords: by trunk.
        sip_host: the hotline's address.
        certificates: the folder in which a trunk's certificate lies.
        addresses: of host names, from DNS now; Asterisk looks up other names when it loads the file.
    """
    account, registration = None, trunk.registration
    password = passwords.get(trunk.name)
    if registration and password:
        account = TrunkAccount(
            registration.user,
            registration.auth_user,
            registration.realm,
            ConfigText.escaped(password),
            registration.expiry,
        )
    proxy = registration.outbound_proxy if registration else None
    return TrunkEndpoint(
        name=trunk.name,
        hosts=tuple(TrunkHost(str(host), ConfigText.escaped(contact_uri(trunk, host))) for host in trunk.hosts),
        addresses=tuple(
            dict.fromkeys(
                address
                for host in (*trunk.hosts, *([proxy] if proxy else []))
                for address in addresses.get(host.name, (host.name,))
            )
        ),
        transport=trunk.transport,
        certificate=str(certificates / trunk.certificate) if trunk.certificate else "",
        domain=trunk.domain or sip_host,
        domain_uri=trunk.domain,
        outbound_proxy=str(proxy) if proxy else "",
        account=account,
        trusted=trunk.trusted,
        dialled_header=_HEADERS.get(trunk.dialled, trunk.dialled.removeprefix("header ")),
        caller_header=_HEADERS.get(trunk.caller, trunk.caller.removeprefix("header ")),
        in_strip=trunk.numbers_in.strip,
        in_prefix=trunk.numbers_in.prefix,
        codecs=trunk.codecs,
        dtmf_mode=_DTMF[trunk.keys],
        shows=trunk.shows,
        own_number=trunk.own_number or own_number,
        channels=trunk.channels,
        reserved=trunk.reserved,
        options=trunk.options,
    )


_HEADERS = {"request-uri": "", "to": "To", "p-called-party-id": "P-Called-Party-ID", "from": "From"} | {
    "p-asserted-identity": ""  # Asterisk reads it, if the trunk is trusted, and From otherwise
}


def routes(trunks: tuple[Trunk, ...]) -> tuple[TrunkRoute, ...]:
    """Return the outgoing routes, in the order in which they are tried."""
    pairs = [(trunk, host) for trunk in trunks for host in trunk.hosts]
    return tuple(
        TrunkRoute(
            position=position,
            trunk=trunk.name,
            host=str(host),
            transport=trunk.transport,
            contact=contact_name(trunk.name, contact_uri(trunk, host)) if trunk.options else "",
            registers=trunk.registration is not None,
            channels=trunk.channels,
            reserved=trunk.reserved,
            own_after_403=trunk.own_after_403,
            form=trunk.numbers_out.form,
            out_strip=trunk.numbers_out.strip,
            out_prefix=trunk.numbers_out.prefix,
        )
        for position, (trunk, host) in enumerate(pairs, 1)
    )


def port_of(trunk: Trunk, host: Host) -> int:
    """Return the port that requests to a host go to, if no SRV record says otherwise."""
    return host.port or _PORT[trunk.transport]


def callers(city: City) -> tuple[PatternRule, ...]:
    """Return the rules for numbers of callers, with each pattern once."""
    return _rules(caller_rules(city))


def outgoing(city: City, form: NumberForm) -> tuple[PatternRule, ...]:
    """Return the rules for numbers that are dialled."""
    return _rules(outgoing_rules(city, form))


def _rules(rules: tuple[NumberRule, ...]) -> tuple[PatternRule, ...]:
    by_pattern: dict[str, NumberRule] = {}
    for rule in rules:
        by_pattern.setdefault(rule.pattern, rule)
    return tuple(PatternRule(**asdict(rule)) for rule in by_pattern.values())


def contact_uri(trunk: Trunk, host: Host) -> str:
    """Return the URI of a host in its trunk's AOR."""
    transport = "" if trunk.transport is SipTransport.UDP else f";transport={trunk.transport}"
    return f"sip:{host}{transport}"
