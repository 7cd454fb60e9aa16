"""The front of a cluster as an Asterisk behind it sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OtherNode:
    """Another node of the cluster."""

    name: str
    address: str  # HOST:PORT


@dataclass(frozen=True, slots=True)
class FrontPeer:
    """The address for all SIP requests if the machine is a node of a cluster."""

    address: str  # HOST:PORT
    addresses: tuple[str, ...]  # addresses from which the front's requests may come
    calls: int  # calls from the trunks at once; a further call gets 503, and the front tries another node
    nodes: tuple[OtherNode, ...]
