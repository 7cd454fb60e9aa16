"""Seats, calls and acts over two nodes: the desk, the doctor and the metrics of each node cover both nodes."""

import asyncio
import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from trials.cluster.callers import Callers
from trials.cluster.running_cluster import RunningCluster

_WAIT = 60.0  # seconds
_SUPERVISOR = "8004"


async def seats_are_steered_from_the_other_node(cluster: RunningCluster, callers: Callers, home: str) -> None:
    """A supervisor at the desk of the node that has no queue sets the state of a seat; both desks show it."""
    other = next(name for name in cluster.names if name != home)
    seat = callers.seats[0]
    await _until_seat(cluster, seat, lambda seat_now: seat_now["state"] == "ready" and seat_now["node"] == home)
    for state in ("busy", "ready"):
        answer = await _act(cluster, other, "team.set-state", {"seat": seat, "state": state, "reason": "meeting"})
        assert answer == {"result": {}}
        await _until_seat(cluster, seat, lambda seat_now, state=state: seat_now["state"] == state)
    refusal = await _act(cluster, other, "team.set-state", {"seat": seat, "state": "asleep"})
    assert refusal["error"]["code"] == "invalid", "a refusal of the other node is passed on"


async def calls_are_seen_from_each_node(cluster: RunningCluster, calls: set[str], home: str) -> None:
    """Each desk has each call once, at the home of its queue, and the sum of the nodes' metrics is the calls."""
    async with asyncio.timeout(_WAIT):
        while True:
            seen = {name: await _ask(cluster, name, "live") for name in cluster.names}
            elsewhere = {name: {row["caller"] for row in live["elsewhere"]} for name, live in seen.items()}
            if all(elsewhere[name] >= calls for name in cluster.names if name != home):
                break
            await asyncio.sleep(0.2)
    for live in seen.values():
        assert {row["node"]: row["state"] for row in live["nodes"]} == dict.fromkeys(cluster.names, "open")
        assert {row["node"] for row in live["seats"] if row["signed_in_groups"]} == {home}
    async with asyncio.timeout(_WAIT):
        while True:
            counts = [await asyncio.to_thread(_calls_in_metrics, cluster, name) for name in cluster.names]
            if sum(counts) == len(calls):
                return
            await asyncio.sleep(0.2)


async def the_doctor_looks_at_each_node(cluster: RunningCluster) -> None:
    """The doctor has lines of each node; a node that is drained is no fault."""
    done = await asyncio.to_thread(cluster.nodes[cluster.names[0]].ivr, "doctor", "--json")
    found = json.loads(done.stdout)
    assert {line["node"] for line in found} == set(cluster.names), done.stderr
    checks = {name: {line["check"] for line in found if line["node"] == name} for name in cluster.names}
    assert len(set(map(frozenset, checks.values()))) == 1, "the doctor makes the same checks at each node"


def _calls_in_metrics(cluster: RunningCluster, name: str) -> int:
    port = hotline_facts.read(Home(cluster.nodes[name].home).hotline).http_port
    with cluster.lan.inside(name), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found = re.findall(rf'(?m)^hotline_calls_in_progress\{{node="{name}",stage="\w+"\}} (\d+)', text)
    assert found, text
    return sum(map(int, found))


async def _until_seat(cluster: RunningCluster, seat: str, condition: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until each node shows a seat in this state."""
    async with asyncio.timeout(_WAIT):
        while True:
            seats = [(await _ask(cluster, name, "live"))["seats"] for name in cluster.names]
            if all(condition(seat_now) for found in seats for seat_now in found if seat_now["seat"] == seat):
                return
            await asyncio.sleep(0.1)


async def _act(cluster: RunningCluster, node: str, act: str, args: dict[str, Any], seat: str = _SUPERVISOR) -> Any:
    return await _ask(cluster, node, "act", act=act, seat=seat, by="supervisor", args=args)


async def _ask(cluster: RunningCluster, node: str, action: str, **arguments: object) -> Any:
    return await asyncio.to_thread(cluster.nodes[node].ask, action, **arguments)
