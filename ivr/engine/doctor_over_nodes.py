"""The doctor's findings at the other nodes of a cluster: each node checks itself."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ivr.control.control_client import RequestRefused
from ivr.engine.node_control import NodeControl
from ivr.runtime.layout import Home
from ivr.texts import _, client_languages

_LOOKS = 60.0  # seconds: the doctor waits for peers that do not answer
_SLACK = 5.0


async def findings_here(home: Home) -> list[dict[str, Any]]:
    """Run ``ivr doctor`` for this node, in a process of its own, because it opens ports and databases, and waits.

    Raises:
        RequestRefused: ``ivr doctor`` did not end in time, or failed.
    """
    program = Path(sys.executable).with_name("ivr")
    language = next(iter(client_languages()), "C")
    process = await asyncio.create_subprocess_exec(
        "env", f"LANGUAGE={language}", program, "doctor", "--json", "--here", "--home", home.root,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_LOOKS):
            output, _errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise RequestRefused(_("the doctor did not end in time")) from None
    try:
        found: list[dict[str, Any]] = json.loads(output)
    except ValueError:
        raise RequestRefused(_("the doctor failed: run 'ivr doctor' on the machine")) from None
    return found


async def findings_elsewhere(
    exchange: NodeControl, own: str, nodes: Sequence[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the findings of each other node; for a node that is away, or does not answer, a finding that says so."""
    others = [node for node in nodes if node["node"] != own]
    found = await asyncio.gather(*(_of_node(exchange, node) for node in others))
    return {node["node"]: findings for node, findings in zip(others, found, strict=True)}


async def _of_node(exchange: NodeControl, node: Mapping[str, Any]) -> list[dict[str, Any]]:
    if node["state"] == "away":
        text = _("the node was last seen {seconds:.0f} s ago").format(seconds=node["seen_s"])
        return [_problem(text, _("check the machine; if it does not come back, remove the node from cluster.yaml"))]
    try:
        found: list[dict[str, Any]] = await exchange.ask(node["node"], "doctor", _LOOKS + _SLACK)
    except RequestRefused as refusal:
        return [_problem("; ".join(map(str, refusal.args)), _("run 'ivr doctor' on that machine"))]
    return found


def _problem(text: str, advice: str) -> dict[str, Any]:
    return {"check": _("node"), "level": "problem", "text": text, "advice": advice}
