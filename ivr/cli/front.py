"""``ivr front``: the machine that gives the calls of a cluster to its nodes."""

import socket
from collections.abc import Mapping
from pathlib import Path

import click

from ivr.cli.home import fail, open_home, site_option
from ivr.cluster import other_front
from ivr.cluster.cluster_file import beside
from ivr.cluster.cluster_model import Cluster
from ivr.cluster.front_config import (
    FrontPlace,
    FrontUnfit,
    PhoneAccess,
    PhoneKind,
    front_trunks,
    kamailio_config,
    node_list,
    phone_access,
)
from ivr.cluster.front_process import FrontProcess
from ivr.cluster.other_front import FrontNotReady
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.registry.trunk_model import SipTransport
from ivr.runtime import kamailio, privilege, secrets
from ivr.runtime.certificate import hotline_certificate
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.page_phones import TEST_CALL_PHONE, page_phone
from ivr.runtime.site_folder import SiteFolder
from ivr.site import candidate
from ivr.texts import _

_PATIENCE = 60.0  # seconds for which the other machine is asked


@click.command()
@click.option("--machine", metavar="ADDRESS", help=_("The address of this machine, if the front has two machines."))
@click.option("--check", "only_check", is_flag=True, help=_("Write and check Kamailio's configuration, and end."))
@click.option(
    "--wait-for-other",
    is_flag=True,
    help=_("Wait until the other machine of the front can take the address, and end."),
)
@site_option
def front(machine: str | None, only_check: bool, wait_for_other: bool, site: SiteFolder) -> None:
    """Run Kamailio as cluster.yaml says: carriers and phones come to it, and it gives the calls to the nodes.

    The seats' passwords come from the secrets file, which is a copy of the nodes' file.
    """
    home = open_home(site.home)
    try:
        cluster = beside(site.numbers)
        if cluster is None:
            fail(_("there is no cluster.yaml beside {numbers}; docs/cluster.md shows one").format(numbers=site.numbers))
        registry = candidate.read(site.numbers).registry
        own_machine = _machine(cluster, machine)
        if wait_for_other:
            _wait_for_other(cluster, own_machine)
            return
        if not home.secrets.exists():
            message = _(
                "there is no {file}; copy the file of a node, because a seat has the same password on each node"
            )
            fail(message.format(file=home.secrets))
        privilege.become_service_user(home.root, [site.numbers.absolute().parent])
        process = FrontProcess(kamailio.program(), home.front)
        trunks = front_trunks(registry, _addresses(registry))
        passwords = secrets.share(home.secrets, registry.seats)
        phones = _phones(registry, passwords)
        home.front.mkdir(mode=0o700, parents=True, exist_ok=True)
        certificate, key = _certificate(site, registry, cluster)
        place = FrontPlace(own_machine, home.front, process.program.modules, certificate, key)
        process.write(kamailio_config(cluster, trunks, phones, place), node_list(cluster, own_machine))
    except RegistryError as error:
        fail(*map(str, error.problems), _("the registry has problems; nothing was started"))
    except FrontUnfit as unfit:
        fail(*unfit.args)
    except RuntimeProblem as problem:
        fail(str(problem))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    text = _("front: sip:12345@{address}; nodes: {nodes}; phones: {seats}")
    nodes, seats = ", ".join(sorted(cluster.nodes)), len(registry.seats)
    click.echo(text.format(address=cluster.front.address, nodes=nodes, seats=seats))
    if not only_check:
        process.run()


def _wait_for_other(cluster: Cluster, own_machine: str) -> None:
    """Wait before the address leaves this machine; a front that is not ready would not answer for seconds."""
    others = [each for each in cluster.front.machines if each != own_machine]
    if not others:
        fail(_("the front has one machine only; 'front: machines' of cluster.yaml may name a second one"))
    try:
        other_front.wait_for_other(own_machine, others[0], _PATIENCE)
    except FrontNotReady as reason:
        text = _("the address should stay here: {reason}; look at 'journalctl -u hotline-front' there")
        fail(text.format(reason=reason))
    click.echo(_("the front at {machine} can take the address").format(machine=others[0]))


def _machine(cluster: Cluster, named_machine: str | None) -> str:
    machines = cluster.front.machines
    if named_machine is None and len(machines) == 1:
        return machines[0]
    if named_machine not in machines:
        text = _("the front has the machines {machines}; say with --machine which one this is")
        fail(text.format(machines=", ".join(machines)))
    return named_machine


def _addresses(registry: Registry) -> Mapping[str, list[str]]:
    """Return the IPv4 addresses of the carriers' hosts, as DNS has them now."""
    addresses: dict[str, list[str]] = {}
    for host in {host.name for trunk in registry.trunks for host in trunk.hosts}:
        try:
            answers = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_DGRAM)
        except OSError:
            fail(_("{host} has no IPv4 address; a carrier's calls are known by their address").format(host=host))
        addresses[host] = sorted({str(entry[4][0]) for entry in answers})
    return addresses


def _phones(registry: Registry, passwords: secrets.Secrets) -> list[PhoneAccess]:
    """Return the accounts of the seats' phones, of the phones in their pages, and of test calls."""
    seats = [phone_access(seat, passwords.seat_passwords[seat]) for seat in registry.seats]
    pages = [(page_phone(seat), PhoneKind.PAGE) for seat in registry.seats]
    pages += [(TEST_CALL_PHONE, PhoneKind.TEST_CALL)]
    return seats + [phone_access(phone, secrets.page_password(passwords, phone), kind) for phone, kind in pages]


def _certificate(site: SiteFolder, registry: Registry, cluster: Cluster) -> tuple[str, str]:
    """Return certificate and key for phones with TLS or WSS; "" if no seat has such a phone."""
    if not any(seat.transport in (SipTransport.TLS, SipTransport.WSS) for seat in registry.seats.values()):
        return "", ""
    certificate, key = hotline_certificate(site.home, Path(site.numbers).parent, cluster.front.address.host)
    return str(certificate), str(key)
