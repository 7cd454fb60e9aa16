"""Checks of trunks: repeated names and hosts, keys that need one another."""

from collections.abc import Collection

from ivr.registry.draft import Draft, Entry
from ivr.registry.model import Place, Registry
from ivr.registry.problems import Problem, Problems
from ivr.registry.trunk_model import Host, SipTransport, Trunk
from ivr.texts import _


def check(draft: Draft, problems: Problems) -> None:
    """Check the trunks."""
    names: dict[str, Place] = {}
    hosts: dict[Host, Trunk] = {}
    for entry in draft.trunks:
        trunk = entry.value
        if trunk.name in names:
            message = _("name: the trunk {name} is on line {line} already")
            problems.add(entry.at("name"), message.format(name=trunk.name, line=names[trunk.name].line))
        names.setdefault(trunk.name, trunk.place)
        for host in trunk.hosts:
            first_trunk = hosts.setdefault(
                Host(host.name), trunk
            )  # because the trunk of an incoming call is found by address alone
            if first_trunk is not trunk:
                message = _("hosts: {host} belongs to the trunk {name} already; a caller's address tells its trunk")
                problems.add(entry.at("hosts"), message.format(host=host.name, name=first_trunk.name))
        _check_keys(entry, problems)


def warnings(registry: Registry) -> tuple[Problem, ...]:
    """Return warnings about the trunks of a registry without problems."""
    text = _(
        "carrier: this old key is still read; write it as "
        'trunks: [{{ name: carrier, profile: sbc, hosts: ["{host}"] }}]'
    )
    return tuple(
        Problem(trunk.place, text.format(host=trunk.hosts[0])) for trunk in registry.trunks if trunk.written_as_carrier
    )


def missing_passwords(registry: Registry, trunks_with_password: Collection[str]) -> tuple[Problem, ...]:
    """Return a warning for each trunk with a registration whose password is not in ``trunks_with_password``."""
    text = _("registration: the password of the trunk {name} is missing; 'ivr secret set trunk {name}' asks for it")
    return tuple(
        Problem(trunk.place, text.format(name=trunk.name))
        for trunk in registry.trunks
        if trunk.registration and trunk.name not in trunks_with_password
    )


def _check_keys(entry: Entry[Trunk], problems: Problems) -> None:
    trunk = entry.value
    if trunk.reserved and trunk.reserved >= (trunk.channels or 0):
        message = _("reserved: {reserved} of {channels} channels would leave none for other calls")
        problems.add(entry.at("reserved"), message.format(reserved=trunk.reserved, channels=trunk.channels or 0))
    if trunk.certificate and trunk.transport is not SipTransport.TLS:
        problems.add(entry.at("certificate"), _("certificate: only a trunk with transport: tls has a certificate"))
    if trunk.registration and trunk.registration.outbound_proxy and not trunk.domain:
        message = _("registration: with an outbound proxy the trunk needs domain:, the name that the carrier registers")
        problems.add(entry.at("registration"), message)
