"""A cluster as values: its nodes, its front, and what all of them share."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.registry.place import Place

NAME = "cluster.yaml"
"""The file beside numbers.yaml that makes a hotline one of several nodes."""


IN_CALL_ELSEWHERE = "In a call of another node"
"""Reason phrase of the 486 with which the front answers a node that rings a phone in a call of another node."""


@dataclass(frozen=True, slots=True, order=True)
class SipAddress:
    """An IPv4 address and a port for SIP."""

    host: str
    port: int = 5060

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ClusterNode:
    """One machine with an Asterisk and an engine."""

    name: str
    address: SipAddress
    calls: int  # most calls from trunks at one time; the front gives further calls to other nodes
    place: Place


@dataclass(frozen=True, slots=True)
class Front:
    """The machines to which carriers and phones send their requests."""

    address: SipAddress  # the virtual address, which one machine has at a time
    machines: tuple[str, ...]  # the machines' own addresses, one or two


@dataclass(frozen=True, slots=True)
class Cluster:
    """The content of cluster.yaml."""

    nodes: Mapping[str, ClusterNode]
    front: Front
    database: str  # SQLAlchemy URL without a password
    recordings: str | None  # a folder that all nodes mount; None: each node keeps its own

    @property
    def front_addresses(self) -> tuple[str, ...]:
        """Return the addresses from which requests of the front may come."""
        return tuple(dict.fromkeys((self.front.address.host, *self.front.machines)))
