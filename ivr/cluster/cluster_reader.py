"""Reads cluster.yaml, with the checks of numbers.yaml: returns a `Cluster`, or every problem of the file. Pure."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ivr.cluster.cluster_model import Cluster, ClusterNode, Front, SipAddress
from ivr.registry.document import read_document
from ivr.registry.field_types import RefusedError, whole
from ivr.registry.fields import Fields
from ivr.registry.model import Place
from ivr.registry.quoting import shown
from ivr.texts import _

MOST_CALLS = 2000  # of one node


def load_cluster(text: str, file: str) -> Cluster:
    """Make a cluster of ``text``; ``file`` is its name for messages.

    Raises:
        RegistryError: with every problem at once, in file order.
    """
    cluster = read_document(
        text, file, lambda top, _problems: _read(top), _("cluster.yaml starts with keys, such as nodes: and front:")
    )
    assert cluster is not None
    return cluster


def node_name(text: str) -> str:
    """The name of a node: it begins the id of each of its calls."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", text):
        raise RefusedError(_("'{text}' is no node: a-z, 0-9 and -, 20 at most").format(text=text))
    return text


def _read(top: Fields) -> Cluster | None:
    top.require("nodes")
    nodes = {node.name: node for node in _read_nodes(top)}
    if top.has("nodes") and not top.names("nodes"):
        top.refuse(top.at("nodes"), _("nodes: at least one node is needed, as in east: {address: 192.0.2.11}"))
    front = _read_front(top)
    database = top.need("database", _database)
    recordings = top.maybe("recordings", _folder)
    _refuse_shared(top, nodes, front)
    if not top.done() or front is None or database is None:
        return None
    return Cluster(nodes, front, database, recordings)


def _read_nodes(top: Fields) -> Iterator[ClusterNode]:
    for name, place, fields in top.named("nodes", node_name):
        address = fields.need("address", _sip_address)
        calls = fields.need("calls", whole(1, MOST_CALLS))
        if not fields.done():
            top.refuse_quietly()
        elif address is not None and calls is not None:
            yield ClusterNode(name, address, calls, place)


def _read_front(top: Fields) -> Front | None:
    top.require("front")
    fields = top.section("front")
    if fields is None:
        return None
    address = fields.need("address", _sip_address)
    fields.require("machines")
    machines = fields.texts("machines", _ip_address)
    if fields.has("machines") and not 1 <= (fields.length("machines") or 0) <= 2:
        fields.refuse(fields.at("machines"), _("machines: one or two addresses, as in [192.0.2.7, 192.0.2.8]"))
    if not fields.done():
        top.refuse_quietly()
        return None
    return Front(address, tuple(machine for machine, _place in machines)) if address else None


def _refuse_shared(top: Fields, nodes: dict[str, ClusterNode], front: Front | None) -> None:
    """Refuse an address that two nodes have, or a node and the front, because a call to it would come back."""
    taken: dict[SipAddress, str] = {front.address: "front"} if front else {}
    for node in nodes.values():
        if (other := taken.setdefault(node.address, node.name)) != node.name:
            _refuse(top, node.place, node.address, other)


def _refuse(top: Fields, place: Place, address: SipAddress, other: str) -> None:
    message = _("{address} is the address of {other} already; each node and the front have one of their own")
    top.refuse(place, message.format(address=address, other=other))


def _ip_address(text: str) -> str:
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        message = _("{value} is not an IPv4 address, such as 192.0.2.11; a name could change while calls are up")
        raise RefusedError(message.format(value=shown(text))) from None
    if address.is_unspecified or address.is_multicast:
        raise RefusedError(_("{value} is not the address of one machine").format(value=shown(text)))
    return text


def _sip_address(text: str) -> SipAddress:
    host, colon, port = text.partition(":")
    host = _ip_address(host)
    if not colon:
        return SipAddress(host)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        message = _("{value} has no port from 1 to 65535; write it as in 192.0.2.30:5060")
        raise RefusedError(message.format(value=shown(text)))
    return SipAddress(host, int(port))


def _database(text: str) -> str:
    """The URL of the database that all nodes share."""
    try:
        parts = urlsplit(text)
        has_password = parts.password is not None or "password=" in parts.query
    except ValueError:
        parts, has_password = urlsplit(""), False
    if has_password:  # the value is not shown
        message = _("a password is in this file; take it out, and give the whole URL in HOTLINE_DATABASE or ~/.pgpass")
        raise RefusedError(message)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        message = _("{value} is no database that machines share; write postgresql://user@host/name")
        raise RefusedError(message.format(value=shown(text)))
    return text


def _folder(text: str) -> str:
    if not re.fullmatch(r"/[^\x00-\x1f]{1,200}", text) or "/../" in f"{text}/":
        message = _("{value} is not the whole path of a folder, such as /srv/hotline-files")
        raise RefusedError(message.format(value=shown(text)))
    return text
