"""Kamailio's configuration for the front of a cluster, from values. Pure but for reading the template beside it.

The front is the registrar of all phones, so that any node reaches any phone at one address. With Path (RFC 3327) each
registration would belong to the one node that it was passed on to, and would be gone with that node.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ivr.cluster.cluster_model import IN_CALL_ELSEWHERE, Cluster, SipAddress
from ivr.registry.model import Registry
from ivr.registry.trunk_model import SipTransport
from ivr.texts import _

REALM = "hotline"
"""The realm of SIP digest authentication; the HA1 of each phone depends on it."""
CONFIG, NODES = "kamailio.cfg", "dispatcher.list"
_RESPOND_WITHIN_MS = 1000  # a call goes to the next node if a node sends no response for so long; 2 s are promised
_ANSWER_WITHIN_MS = 1500  # likewise after 100 (RFC 3261), because the node may have died meanwhile
# Likewise for a node after which there is none, or that gets a call because another node was late: if all nodes are
# slow, the calls must not go round. A node whose engine is frozen answers within 3 s.
_LAST_NODE_WITHIN_MS = 4000
LONGEST_MESSAGE = 16_384
"""Bytes of a SIP message over TCP, TLS or WebSocket; an INVITE of a browser with all candidates has some 5,000."""
_MOST_CONNECTIONS = 8192  # over TCP and WebSocket: each page and each phone with TCP has one
PAIR_PORT = 5066
"""UDP port of each machine of the front, for the other machine."""
PHONES_HEADER = "X-Hotline-Phones"
"""Header field of the response to an OPTIONS at `PAIR_PORT`: the number of phones that the machine has registered."""
_MODULES = (
    "tm tmx sl rr pv maxfwd sanity textops textopsx siputils xlog usrloc registrar nathelper auth htable cfgutils "
    "dialog dispatcher xhttp websocket"
)


class FrontUnfit(Exception):
    """The registry needs a function that the front does not have; each argument is one line."""


class PhoneKind(StrEnum):
    """What a phone may do at the front."""

    SEAT = "seat"  # is rung, and calls
    PAGE = "page"  # the phone in a seat's desk page: is only rung
    TEST_CALL = "test-call"  # the phone in a desk page that calls as a citizen would: only calls


@dataclass(frozen=True, slots=True)
class PhoneAccess:
    """A phone's SIP account, and the HA1 of its password: MD5 of user, realm and password (RFC 7616)."""

    user: str
    kind: PhoneKind
    ha1: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FrontTrunk:
    """A trunk: the addresses that its calls come from, and the hosts that calls may go out to."""

    name: str
    addresses: tuple[str, ...]
    hosts: tuple[SipAddress, ...]


@dataclass(frozen=True, slots=True)
class FrontPlace:
    """The addresses and the files of one machine of the front."""

    machine: str  # its own address
    folder: Path  # of its configuration
    modules: Path  # Kamailio's
    certificate: str = ""  # for phones with TLS
    key: str = ""


def phone_access(user: str, password: str, kind: PhoneKind = PhoneKind.SEAT) -> PhoneAccess:
    """Return the account of a phone with the HA1 of its password."""
    ha1 = hashlib.md5(f"{user}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
    return PhoneAccess(user, kind, ha1)


def front_trunks(registry: Registry, addresses: Mapping[str, Sequence[str]]) -> tuple[FrontTrunk, ...]:
    """Return the trunks for the front; ``addresses`` has the IP addresses of each host name.

    Raises:
        FrontUnfit: a trunk registers at its carrier, or uses TLS.
    """
    wrong, trunks = [], []
    for trunk in registry.trunks:
        if trunk.registration:
            text = _("{place}: the trunk {name} registers at its carrier, and the front does not register: ask the "
                     "carrier to send calls to the front's address")  # fmt: skip
            wrong.append(text.format(place=trunk.place, name=trunk.name))
        if trunk.transport is SipTransport.TLS:
            text = _("{place}: the trunk {name} has transport: tls; the front speaks UDP and TCP with carriers")
            wrong.append(text.format(place=trunk.place, name=trunk.name))
        sources = [address for host in trunk.hosts for address in addresses.get(host.name, (host.name,))]
        hosts = tuple(SipAddress(host.name, host.port or 0) for host in trunk.hosts)
        trunks.append(FrontTrunk(trunk.name, tuple(dict.fromkeys(sources)), hosts))
    if wrong:
        raise FrontUnfit(*wrong)
    return tuple(trunks)


def node_list(cluster: Cluster, machine: str) -> str:
    """Return Kamailio's list of destinations: the nodes.

    A machine of a pair asks the nodes from its own address whether they answer, so that it knows that also while the
    other machine has the front's address.
    """
    own_socket = f";socket=udp:{machine}:{PAIR_PORT}" if len(cluster.front.machines) > 1 else ""
    return "".join(f"1 sip:{node.address} 0 0 duid={node.name}{own_socket}\n" for node in cluster.nodes.values())


def kamailio_config(
    cluster: Cluster, trunks: Sequence[FrontTrunk], phones: Sequence[PhoneAccess], place: FrontPlace
) -> str:
    """Return the text of kamailio.cfg for one machine of the front."""
    address = cluster.front.address
    peer = next((machine for machine in cluster.front.machines if machine != place.machine), "")
    tls_port = address.port + 1 if place.certificate else 0
    names = [*_MODULES.split(), *(["tls"] if tls_port else []), *(["dmq", "dmq_usrloc"] if peer else [])]
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # not HTML; the values are numbers, addresses and names that their readers have checked
    )
    return templates.get_template(f"{CONFIG}.j2").render(
        address=address,
        tls_port=tls_port,
        certificate=place.certificate,
        key=place.key,
        machine=place.machine,
        peer=peer,
        pair_port=PAIR_PORT,
        phones_header=PHONES_HEADER,
        modules=place.modules,
        names=names,
        folder=place.folder,
        nodes=tuple(cluster.nodes.values()),
        trunks=tuple(trunks),
        phones=tuple(phones),
        longest_message=LONGEST_MESSAGE,
        most_connections=_MOST_CONNECTIONS,
        realm=REALM,
        in_call_elsewhere=IN_CALL_ELSEWHERE,
        respond_within_ms=_RESPOND_WITHIN_MS,
        answer_within_ms=_ANSWER_WITHIN_MS,
        last_node_within_ms=_LAST_NODE_WITHIN_MS,
    )
