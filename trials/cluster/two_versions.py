"""A rolling upgrade by the steps of docs/cluster.md, and the work of a cluster whose nodes have two versions."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import yaml

from testkit.hotline.running import IVR
from trials.cluster import earlier_version
from trials.cluster.running_cluster import RunningCluster

_FIRST, _HOME, _LAST = "north", "west", "south"  # in the order of the upgrade; the callers' queue is at the second
_SEAT = "8012"  # of the callers' group
_SCHEMA = "SELECT version_num FROM alembic_version"
_WAIT = 60.0  # seconds


def restart_node(cluster: RunningCluster, name: str, program: Path | None = None) -> None:
    """Drain a node, stop it, start it, with another ``program`` if one is given, and give it calls again."""
    node = cluster.nodes[name]
    _ivr(cluster, name, "node", "drain", "--wait")
    node.stop()
    node.program = program or node.program
    cluster.start_again(name)
    _ivr(cluster, name, "node", "resume")
    cluster.until("open", *cluster.names, ask=name)


def upgrade_all(cluster: RunningCluster, _victim: str) -> None:
    """Upgrade the front and then the nodes; let nodes of both versions work together between the steps."""
    earlier = earlier_version.install()
    before = cluster.database.values(_SCHEMA)
    cluster.front.upgrade(IVR)
    _change(cluster, _FIRST, IVR)
    assert cluster.database.values(_SCHEMA) != before, "the new version has newer tables"
    _work_together(cluster, {_FIRST: IVR, _HOME: earlier, _LAST: earlier})
    _change(cluster, _LAST, earlier)  # starts with tables that are newer than the version knows
    _change(cluster, _HOME, IVR)
    _work_together(cluster, {_FIRST: IVR, _HOME: IVR, _LAST: earlier})
    _change(cluster, _LAST, IVR)
    _change(cluster, _HOME, earlier)  # the way back
    _work_together(cluster, {_FIRST: IVR, _HOME: earlier, _LAST: IVR})


def _change(cluster: RunningCluster, name: str, program: Path) -> None:
    restart_node(cluster, name, program)
    print(f"  {name} has the version {_versions(cluster, name)[name]}", flush=True)


def _work_together(cluster: RunningCluster, programs: dict[str, Path]) -> None:
    """Let each node see all nodes, calls, work orders and seats, and act at them."""
    newer = {name: program == IVR for name, program in programs.items()}
    for name in cluster.names:
        versions = _versions(cluster, name)
        assert {at: versions[at] != earlier_version.VERSION for at in versions} == newer, f"{name} sees {versions}"
    asked = [next(name for name in newer if newer[name] == is_newer) for is_newer in (True, False)]
    _see_the_same_calls(cluster)
    for name, other in (asked, asked[::-1]):
        _share_work_orders(cluster, name, other)
        _steer_seats(cluster, name)
        _reload(cluster, name)
    _ask_the_doctor(cluster, asked[1])


def _versions(cluster: RunningCluster, asked: str) -> dict[str, str]:
    return {str(node["node"]): str(node["program"]) for node in cluster.nodes[asked].ask("nodes")}


def _see_the_same_calls(cluster: RunningCluster) -> None:
    """Compare the finished records of all nodes; a node imports a call within some seconds of its end."""
    first = cluster.names[0]
    ended = {call["call_id"] for call in cluster.nodes[first].ask("calls") if call["outcome"] != "in-progress"}
    assert ended
    deadline = time.monotonic() + _WAIT
    while True:
        found = [
            {call["call_id"]: (call["caller"], call["dialled"], call["outcome"]) for call in node.ask("calls")
             if call["call_id"] in ended}
            for node in cluster.nodes.values()
        ]  # fmt: skip
        if all(calls == found[0] for calls in found):
            return
        assert time.monotonic() < deadline, "the nodes show different records"
        time.sleep(0.5)


def _share_work_orders(cluster: RunningCluster, name: str, other: str) -> None:
    """Record a work order at one node, write a note at another, and read both at each."""
    text = f"at {name}, then at {other}"
    order = json.loads(_ivr(cluster, name, "orders", "new", "--title", text, "--content", text, "--json"))["order"]
    _ivr(cluster, other, "orders", "note", order, "--text", text)
    for node in cluster.names:
        shown = json.loads(_ivr(cluster, node, "orders", "show", order, "--json"))
        assert shown["order"]["title"] == text and text in json.dumps(shown["events"]), shown


def _steer_seats(cluster: RunningCluster, name: str) -> None:
    """Set the state of a seat at the desk of a node; the desk of each node shows it."""
    for state in ("busy", "ready"):
        args = {"seat": _SEAT, "state": state, "reason": "meeting"}
        answer = cluster.nodes[name].ask("act", act="team.set-state", seat="8004", by="supervisor", args=args)
        assert "result" in answer, answer
        for node in cluster.names:
            _until_paused(cluster, node, is_paused=state == "busy")


def _until_paused(cluster: RunningCluster, name: str, *, is_paused: bool) -> None:
    deadline = time.monotonic() + _WAIT
    while True:
        row = next(row for row in cluster.nodes[name].ask("live")["seats"] if row["seat"] == _SEAT)
        if (row["state"] == "busy") == is_paused:
            return
        assert time.monotonic() < deadline, row
        time.sleep(0.2)


def _reload(cluster: RunningCluster, name: str) -> None:
    """Change the name of a seat at one node; all nodes have it."""
    file = cluster.nodes[name].numbers
    numbers = yaml.safe_load(file.read_text(encoding="utf-8"))
    changed = f"座席{name}{time.monotonic():.0f}"
    next(seat for seat in numbers["seats"] if seat["number"] == _SEAT)["name"] = changed
    cluster.nodes[name].write_numbers(numbers)
    _ivr(cluster, name, "reload")
    for node in cluster.names:
        assert _names(cluster, node)[_SEAT] == changed, f"{node} has not taken the registry of {name}"


def _names(cluster: RunningCluster, name: str) -> dict[str, str]:
    return {row["seat"]: row["name"] for row in cluster.nodes[name].ask("status")["seats"]}


def _ask_the_doctor(cluster: RunningCluster, name: str) -> None:
    """Each node answers; on a busy machine a node may say that it did not end in time."""
    with cluster.lan.inside(name):
        found: list[dict[str, Any]] = json.loads(cluster.nodes[name].ivr("doctor", "--json").stdout)
    assert {line["node"] for line in found} == set(cluster.names), found
    print("\n".join(f"  {line['node']}: {line['text']}" for line in found if line["check"] == "node"), flush=True)


def _ivr(cluster: RunningCluster, name: str, *words: str) -> str:
    command = f"ivr {' '.join(words)} at {name}"
    try:
        done = cluster.nodes[name].ivr(*words)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"{command} does not end; calls: {cluster.nodes[name].ask('status')['calls']}") from None
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
