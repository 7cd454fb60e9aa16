"""The doctor's findings at the other nodes of a cluster: each node checks itself."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from ivr.control.control_client import RequestRefused
from ivr.engine.node_control import NodeControl
from ivr.runtime.doctor_process import DoctorFailure, doctor_findings
from ivr.runtime.layout import Home
from ivr.texts import _, client_languages

_DOCTOR_DEADLINE = 60.0  # seconds, because the doctor waits for peers that do not answer
_SLACK = 5.0


async def findings_here(home: Home) -> list[dict[str, Any]]:
    """Return the doctor's findings at this node.

    Raises:
        RequestRefused: ``ivr doctor`` did not end in time, or failed.
    """
    try:
        return await doctor_findings(home, next(iter(client_languages()), "C"), _DOCTOR_DEADLINE, "--here")
    except DoctorFailure as failure:
        raise RequestRefused(str(failure)) from None


async def findings_elsewhere(
    exchange: NodeControl, own: str, nodes: Sequence[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the findings of each other node; for a node that is away, or does not answer, a finding that says so."""
    others = [node for node in nodes if node["node"] != own]
    findings_of_nodes = await asyncio.gather(*(_findings_of_node(exchange, node) for node in others))
    return {node["node"]: findings for node, findings in zip(others, findings_of_nodes, strict=True)}


async def _findings_of_node(exchange: NodeControl, node: Mapping[str, Any]) -> list[dict[str, Any]]:
    if node["state"] == "away":
        text = _("the node was last seen {seconds:.0f} s ago").format(seconds=node["seen_s"])
        return [_problem(text, _("check the machine; if it does not come back, remove the node from cluster.yaml"))]
    try:
        findings: list[dict[str, Any]] = await exchange.ask(node["node"], "doctor", _DOCTOR_DEADLINE + _SLACK)
    except RequestRefused as refusal:
        return [_problem("; ".join(map(str, refusal.args)), _("run 'ivr doctor' on that machine"))]
    return findings


def _problem(text: str, advice: str) -> dict[str, Any]:
    return {"check": _("node"), "level": "problem", "text": text, "advice": advice}
