"""The state that each node of a cluster sends the others, and the state of the whole cluster. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ivr.records.ingest.rebuild import node_of
from ivr.runtime.page_phones import page_phone

_FREE = "ready"
_OF_A_SEAT = ("seat", "phone", "state", "reason", "at", "signed_in_groups")


def of_node(
    status: Mapping[str, Any], address: str, trunks: Sequence[Mapping[str, Any]], pages: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the part of `ivr.engine.status.status` for other nodes: signed-in seats, queues, calls, trunks, pages.

    Args:
        status: of the node.
        address: HOST:PORT at which the other nodes call it.
        trunks: the state of each trunk, as the node sees it.
        pages: the seats that have a page at the node's desk.
    """
    seats = [seat for seat in status["seats"] if seat["signed_in"]]
    staff = {}
    for queue in status["queues"]:
        signed_in_seats = [seat for seat in seats if queue["group"] in seat["groups"]]
        online = [seat for seat in signed_in_seats if seat["state"] != "offline"]
        flags = (bool(online), any(seat["state"] == _FREE for seat in online), bool(signed_in_seats))
        staff[queue["group"]] = "".join(str(int(flag)) for flag in flags)
    return {
        "address": address,
        "staff": {group: flags for group, flags in staff.items() if flags != "000"},
        "seats": [{key: seat[key] for key in _OF_A_SEAT} for seat in seats],
        "queues": [queue for queue in status["queues"] if queue["signed_in"] or queue["waiting"]],
        "calls": status["calls"],
        "phones": status["phones"],
        "trunks": list(trunks),
        "pages": list(pages),
    }


def of_cluster(own: Mapping[str, Any], node: str, others: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the status of the whole cluster: each seat, queue and call, and its node.

    Args:
        own: the status of this node.
        node: the name of this node.
        others: the state of each other live node, as `of_node` returns it, by node.
    """
    seats = {seat["seat"]: {**seat, "node": node if seat["signed_in"] else ""} for seat in own["seats"]}
    queues = {queue["group"]: {**queue, "node": node if _is_in_use(queue) else ""} for queue in own["queues"]}
    calls = [{**call, "node": node} for call in own["calls"]]
    for name, status in others.items():
        for seat in status.get("seats", ()):
            if own_seat := seats.get(seat["seat"]):
                seats[seat["seat"]] = {**own_seat, **seat, "signed_in": True, "node": name}
        for queue in status.get("queues", ()):
            if queue["group"] in queues:
                queues[queue["group"]] = {**queue, "node": name}
        calls += [{**call, "node": name} for call in status.get("calls", ())]
    return {**own, "seats": list(seats.values()), "queues": list(queues.values()), "calls": _each_call_once(calls)}


def trunks_of_cluster(
    own: Sequence[Mapping[str, Any]], node: str, others: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the trunks as each node sees them, with the node's name."""
    trunks_by_node = {node: own, **{name: status.get("trunks", ()) for name, status in others.items()}}
    return [{**trunk, "node": name} for name, trunks in trunks_by_node.items() for trunk in trunks]


def live_of_cluster(
    own: Mapping[str, Any], node: str, others: Mapping[str, Mapping[str, Any]], nodes: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the state that a desk shows, over all nodes.

    Args:
        own: the state of this node, as `ivr.engine.live_status.live_status` returns it.
        node: the name of this node.
        others: the state of each other live node, as `of_node` returns it, by node.
        nodes: all nodes, also nodes that are away, as `ivr.cluster.node_model.NodeNow.to_json` returns them.

    Returns:
        ``own`` with seats and queues of all nodes, each with its ``node``; with ``elsewhere``, the calls of the other
        nodes; and with ``nodes``.
    """
    now = datetime.fromisoformat(own["at"])
    seats = {seat["seat"]: {**seat, "node": node if seat["signed_in_groups"] else ""} for seat in own["seats"]}
    queues = {queue["group"]: {**queue, "node": node if _is_in_use(queue) else ""} for queue in own["queues"]}
    elsewhere = []
    for name, status in others.items():
        calls = [{**call, "node": name} for call in status.get("calls", ())]
        elsewhere += calls
        for seat in status.get("seats", ()):
            if known := seats.get(seat["seat"]):
                seats[seat["seat"]] = {**known, **seat, "call": _call_of(seat, calls), "node": name}
        for queue in status.get("queues", ()):
            if known := queues.get(queue["group"]):
                queues[queue["group"]] = _queue_elsewhere(known, queue, name, now)
    return {
        **own,
        "node": node,
        "seats": list(seats.values()),
        "queues": list(queues.values()),
        "elsewhere": elsewhere,
        "nodes": [{"node": each["node"], "state": each["state"], "calls": each["calls"]} for each in nodes],
    }


def _call_of(seat: Mapping[str, Any], calls: Iterable[Mapping[str, Any]]) -> str | None:
    phones = {seat["at"]} if seat["at"] else {seat["seat"], page_phone(seat["seat"])}
    return next((call["call_id"] for call in calls if not phones.isdisjoint(call["with"])), None)


def _queue_elsewhere(
    own_queue: Mapping[str, Any], queue: Mapping[str, Any], node: str, now: datetime
) -> dict[str, Any]:
    began = now - timedelta(seconds=queue["longest_wait_s"])
    return {
        **own_queue,
        **{key: queue[key] for key in ("waiting", "signed_in", "ready", "limit")},
        "callers": queue.get("callers", []),
        "longest_since": began.isoformat(timespec="milliseconds") if queue["waiting"] else None,
        "node": node,
    }


def _is_in_use(queue: Mapping[str, Any]) -> bool:
    return bool(queue["signed_in"] or queue["waiting"])


def _each_call_once(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each call once, the longest first. Of a call that was handed over, take the entry of the group's home."""
    calls_by_id: dict[str, dict[str, Any]] = {}
    for call in calls:
        other_entry = calls_by_id.get(call["call_id"])
        if other_entry is None or other_entry["node"] == node_of(call["call_id"]):
            calls_by_id[call["call_id"]] = {
                **call,
                "seconds": max(call["seconds"], other_entry["seconds"] if other_entry else 0),
            }
    return sorted(calls_by_id.values(), key=lambda call: -call["seconds"])
