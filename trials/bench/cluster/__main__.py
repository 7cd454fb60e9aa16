"""``make bench-cluster``: what a call costs a cluster, in docs/scale-measured.json. Root only; some seven minutes.

It ends with 1 if an aim is missed. `python -m trials.bench.cluster.scale` makes docs/scale.md of it.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable
from dataclasses import asdict
from typing import Any

from testkit.hotline.quick_registry import quick_registry
from trials.bench.calls.testbed import shorten
from trials.bench.cluster import scale
from trials.bench.cluster.bare_front import BareFront
from trials.bench.cluster.cluster_cost import ClusterCost, Weighing, seconds_scheduled
from trials.bench.cluster.cluster_load import ClusterLoad
from trials.bench.speech.judging.speech_bench_page import machine
from trials.cluster.running_cluster import NODES, RunningCluster

_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120, "rating": 0}
_LIMITS = {"caller": 20, "trunk": 1000}
_IDLE = 15.0  # seconds
_SETTLE = 4.0  # seconds until the last records are written, and PostgreSQL has counted its transactions
_ROUNDS = 2  # each number of nodes has its turn so often, because a shared machine strays
_CENTER_CALLS, _CENTER_RATE = 120, 8.0
_AGENT_CALLS, _AGENT_RATE = 40, 2.5
_TALKS, _TALK_SECONDS = 12, 20.0
_WAITERS, _WAIT_SECONDS = 36, 15.0
_REGISTER_ROUNDS = 10
_QUALIFY_ROUNDS = 15
_QUALIFY, _NOTHING = "pjsip qualify {seat}", "pjsip show unidentified_requests"  # commands of Asterisk's console
_ANSWERED = 1.0  # seconds until the last OPTIONS is answered
_BARE_CALLS, _BARE_RATE, _BARE_WARM = 240, 16.0, 16
_CHANNELS = 2  # of a talk at a node: the caller or another node, and the agent or another node
_FLAT, _FRONT_MS = 0.15, 0.5

_begun = time.monotonic()


def _say(text: str) -> None:
    print(f"{time.monotonic() - _begun:4.0f} s  {text}", file=sys.stderr, flush=True)


async def main() -> int:
    """Measure, print, keep."""
    before = {"measured_on": machine(), "cores": os.cpu_count()}
    async with RunningCluster(quick_registry(timers=_TIMERS, limits=_LIMITS)) as cluster:
        measured = before | await _measured(cluster)
    scale.MEASURED.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    scale.write(measured)
    missed = _missed(measured)
    print("\n".join(missed) or "all aims are met")
    return int(bool(missed))


async def _measured(cluster: RunningCluster) -> dict[str, Any]:
    for node in cluster.nodes.values():
        shorten(node)
    load = ClusterLoad(cluster)
    await load.callers.sign_in()
    await load.to_center(2 * len(NODES), _CENTER_RATE)  # each node has had a call: Python has loaded what it needs
    await asyncio.sleep(_SETTLE)
    idle = await _idle(cluster)
    _say(f"idle, a second: {_shown(idle)}")
    agents = await _weighed(cluster, idle, load.to_agents(_AGENT_CALLS, _AGENT_RATE), _AGENT_CALLS)
    _say(f"a call to an agent: {_shown(agents)}")
    talk, wait, passes = await _sound(cluster, idle, load)
    _say(f"a second of talk, at {passes:.2f} nodes: {_shown(talk)}; of waiting: {_shown(wait)}")
    sums = {count: ClusterCost() for count in range(1, len(NODES) + 1)}
    registering = Weighing(cluster, idle)
    registered = await load.registrations(_REGISTER_ROUNDS)
    registration = registering.ends().times(1 / registered)
    _say(f"a registration: {_shown(registration)}")
    option = await _option(cluster, idle, load)
    _say(f"an OPTIONS for a phone: {_shown(option)}")
    bare = await _bare(cluster, load)
    _say(f"a call through a bare Kamailio: {1000 * bare:.2f} ms")
    for turn in range(_ROUNDS):
        for count in sorted(sums, reverse=bool(turn % 2)):
            await asyncio.to_thread(_only, cluster, count)
            calls = load.to_center(_CENTER_CALLS, _CENTER_RATE)
            found = await _weighed(cluster, idle, calls, _CENTER_CALLS)
            sums[count] += found.times(1 / _ROUNDS)
            _say(f"a call to a center, {count} nodes: {_shown(found)}")
    return {
        "failed_calls": load.failed,
        "idle_second": asdict(idle),
        "nodes": len(NODES),
        "agent_call": asdict(agents),
        "nodes_a_talk": passes,
        "talk_second": asdict(talk),
        "wait_second": asdict(wait),
        "registration": asdict(registration),
        "option": asdict(option),
        "bare_front_call": bare,
        "center_call": {str(count): asdict(found) for count, found in sums.items()},
    }


async def _idle(cluster: RunningCluster) -> ClusterCost:
    weighing = Weighing(cluster, ClusterCost())
    await asyncio.sleep(_IDLE)
    return weighing.ends().times(1 / _IDLE)


async def _weighed(cluster: RunningCluster, idle: ClusterCost, load: Awaitable[None], calls: int) -> ClusterCost:
    weighing = Weighing(cluster, idle)
    await load
    await asyncio.sleep(_SETTLE)
    return weighing.ends().times(1 / calls)


async def _option(cluster: RunningCluster, idle: ClusterCost, load: ClusterLoad) -> ClusterCost:
    """Return what it costs that a node asks the front whether a phone is registered, without the console's part."""
    costs = []
    for command in (_QUALIFY, _NOTHING):
        weighing = Weighing(cluster, idle)
        times = await load.console(command, _QUALIFY_ROUNDS)
        await asyncio.sleep(_ANSWERED)
        costs.append(weighing.ends().times(1 / times))
    return costs[0] - costs[1]


async def _bare(cluster: RunningCluster, load: ClusterLoad) -> float:
    """Return the seconds of a bare Kamailio for a call that goes through it once, while calls go to a center beside."""
    async with BareFront(cluster) as bare:
        await bare.calls(_BARE_WARM, _BARE_RATE)
        begun, before = time.monotonic(), seconds_scheduled(bare.processes)
        await asyncio.sleep(_SETTLE)
        idle = (seconds_scheduled(bare.processes) - before) / (time.monotonic() - begun)
        beside = asyncio.create_task(load.to_center(_CENTER_CALLS, _CENTER_RATE))
        begun, before = time.monotonic(), seconds_scheduled(bare.processes)
        load.failed += await bare.calls(_BARE_CALLS, _BARE_RATE)
        spent = seconds_scheduled(bare.processes) - before - idle * (time.monotonic() - begun)
        await beside
        return spent / _BARE_CALLS


async def _sound(
    cluster: RunningCluster, idle: ClusterCost, load: ClusterLoad
) -> tuple[ClusterCost, ClusterCost, float]:
    """Return what a second of talk costs, with sound both ways and its recording; of waiting; the nodes of a talk."""
    ends = await load.up(_TALKS)
    await asyncio.sleep(_SETTLE)
    passes = await load.callers.channels() / (_CHANNELS * _TALKS)
    for leg in ends:
        leg.speak()
    weighing = Weighing(cluster, idle)
    await asyncio.sleep(_TALK_SECONDS)
    talk = weighing.ends().times(1 / (_TALKS * _TALK_SECONDS))
    for leg in ends:
        leg.stop()
    await load.up(_WAITERS)
    await asyncio.sleep(_SETTLE)
    weighing = Weighing(cluster, idle)
    await asyncio.sleep(_WAIT_SECONDS)
    wait = weighing.ends().times(1 / (_WAITERS * _WAIT_SECONDS))
    await load.hang_up()
    await asyncio.sleep(_SETTLE)
    return talk, wait, passes


def _only(cluster: RunningCluster, count: int) -> None:
    """Let so many nodes take calls."""
    for at, name in enumerate(NODES):
        wanted = "resume" if at < count else "drain"
        done = cluster.nodes[NODES[0]].ivr("node", wanted, name)
        assert done.returncode == 0, done.stderr
    cluster.until("open", *NODES[:count], ask=NODES[0])
    cluster.until("draining", *NODES[count:], ask=NODES[0])


def _shown(cost: ClusterCost) -> str:
    return (
        f"Asterisk {1000 * cost.asterisk:.2f} ms, ours {1000 * cost.ours:.2f} ms, front {1000 * cost.front:.2f} ms, "
        f"database {1000 * cost.database:.2f} ms, {cost.transactions:.1f} transactions, {cost.written / 1000:.1f} kB"
    )


def _missed(measured: dict[str, Any]) -> list[str]:
    """Return the aims that are missed, a line each."""
    nodes = {count: cost["asterisk"] + cost["ours"] for count, cost in measured["center_call"].items()}
    front = max(cost["front"] for cost in measured["center_call"].values())
    missed = [
        f"a call costs {1000 * cost:.2f} ms on {count} nodes, {1000 * nodes['1']:.2f} ms on one: not within {_FLAT:.0%}"
        for count, cost in nodes.items()
        if cost > (1 + _FLAT) * nodes["1"]
    ]
    if 1000 * front > _FRONT_MS:
        missed.append(f"the front costs {1000 * front:.2f} ms a call, not {_FRONT_MS}")
    if measured["failed_calls"]:
        missed.append(f"{measured['failed_calls']} calls failed")
    return missed


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
