"""Decides whether a node takes calls, and whether a proposal comes into force. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ivr.cluster.node_model import NodeNow, NodeState, WantedState
from ivr.texts import _


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """The facts that a node knows about itself."""

    node: str
    wanted: WantedState
    stopping: bool
    registry_problem: str  # why the registry in force could not be taken; "" if the node has it
    secrets: str  # fingerprint


def node_state(own: NodeFacts, others: Iterable[NodeNow]) -> tuple[NodeState, str]:
    """Return the state of a node, and the reason if it takes no calls although an admin wants it open."""
    if own.stopping:
        return NodeState.STOPPING, ""
    if own.registry_problem:
        return NodeState.BEHIND, own.registry_problem
    leader = min((node for node in others if node.lives and node.state is NodeState.OPEN), key=_name, default=None)
    if leader and leader.node != own.node and leader.secrets != own.secrets:
        text = _("its secrets file differs from that of {node}: copy the file of {node}, and start this node again")
        return NodeState.BEHIND, text.format(node=leader.node)
    return (NodeState.DRAINING, "") if own.wanted is WantedState.DRAINED else (NodeState.OPEN, "")


def nodes_for_homes(nodes: Iterable[NodeNow], *, sees_all: bool) -> set[str]:
    """Return the nodes that may have queues.

    Args:
        nodes: as they were seen last.
        sees_all: whether the database has been there for so long that each node that lives has said so. After an outage
            the first node that is back would otherwise take all queues.
    """
    return {node.node for node in nodes if node.state is NodeState.OPEN and (node.lives or not sees_all)}


def _name(node: NodeNow) -> str:
    return node.node


def refusals(votes: Mapping[str, str]) -> list[str]:
    """Return the reasons for which nodes refuse a proposal, a line each."""
    return [f"{node}: {line}" for node, refusal in sorted(votes.items()) if refusal for line in refusal.splitlines()]


def missing_votes(votes: Mapping[str, str], nodes: Iterable[NodeNow]) -> list[str]:
    """Return the living nodes that have not voted on a proposal."""
    return sorted(node.node for node in nodes if node.lives and node.node not in votes)
