"""What each node of a cluster tells the others of its seats, queues and calls, and all of it put together. Pure."""

from collections.abc import Mapping
from typing import Any

from ivr.records.ingest.rebuild import node_of

_FREE = "ready"


def of_node(status: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Return the part of `ivr.engine.status.status` for other nodes: signed-in seats, queues, calls.

    Args:
        status: of the node.
        address: HOST:PORT at which the other nodes call it.
    """
    seats = [seat for seat in status["seats"] if seat["signed_in"]]
    staff = {}
    for queue in status["queues"]:
        here = [seat for seat in seats if queue["group"] in seat["groups"]]
        online = [seat for seat in here if seat["state"] != "offline"]
        flags = (bool(online), any(seat["state"] == _FREE for seat in online), bool(here))
        staff[queue["group"]] = "".join(str(int(flag)) for flag in flags)
    return {
        "address": address,
        "staff": {group: flags for group, flags in staff.items() if flags != "000"},
        "seats": [{key: seat[key] for key in ("seat", "phone", "state", "reason", "at")} for seat in seats],
        "queues": [queue for queue in status["queues"] if queue["signed_in"] or queue["waiting"]],
        "calls": status["calls"],
    }


def of_cluster(own: Mapping[str, Any], node: str, others: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the status of the whole cluster: each seat, queue and call, and its node.

    Args:
        own: what the node that is asked sees itself.
        node: its name.
        others: what each other node that lives said of itself, as `of_node` has it.
    """
    seats = {seat["seat"]: {**seat, "node": node if seat["signed_in"] else ""} for seat in own["seats"]}
    queues = {queue["group"]: {**queue, "node": node if _has(queue) else ""} for queue in own["queues"]}
    calls = [{**call, "node": node} for call in own["calls"]]
    for name, status in others.items():
        for seat in status.get("seats", ()):
            if known := seats.get(seat["seat"]):
                seats[seat["seat"]] = {**known, **seat, "signed_in": True, "node": name}
        for queue in status.get("queues", ()):
            if queue["group"] in queues:
                queues[queue["group"]] = {**queue, "node": name}
        calls += [{**call, "node": name} for call in status.get("calls", ())]
    return {**own, "seats": list(seats.values()), "queues": list(queues.values()), "calls": _once(calls)}


def _has(queue: Mapping[str, Any]) -> bool:
    return bool(queue["signed_in"] or queue["waiting"])


def _once(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each call once. For a call that was handed over, take the entry of the group's home."""
    found: dict[str, dict[str, Any]] = {}
    for call in calls:
        known = found.get(call["call_id"])
        if known is None or known["node"] == node_of(call["call_id"]):
            found[call["call_id"]] = {**call, "seconds": max(call["seconds"], known["seconds"] if known else 0)}
    return sorted(found.values(), key=lambda call: -call["seconds"])
