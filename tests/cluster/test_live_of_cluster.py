"""The desk shows the live state of all nodes, from the status of each node."""

from typing import Any

from ivr.engine.cluster_status import live_of_cluster, of_node, trunks_of_cluster

AT = "2026-12-01T08:00:30.000+00:00"


def seat(number: str, state: str, *groups: str) -> dict[str, Any]:
    return {"seat": number, "name": "", "groups": ["general"], "state": state, "reason": "", "at": "",
            "phone": "online", "signed_in": bool(groups), "signed_in_groups": list(groups), "call": None}  # fmt: skip


def queue(waiting: int, signed_in: int, wait: int = 0, callers: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"group": "general", "title": "", "waiting": waiting, "longest_wait_s": wait, "signed_in": signed_in,
            "ready": 0, "limit": 50, "callers": list(callers)}  # fmt: skip


CALL = {"call_id": "east-1.1", "caller": "13800000001", "line": "12369", "stage": "talking", "with": ["8001"],
        "seconds": 20}  # fmt: skip
WEST = of_node(
    {
        "seats": [seat("8001", "in-call", "general"), seat("8002", "signed-out")],
        "queues": [queue(1, 1, 12, ("west-1.9",))],
        "calls": [CALL],
        "phones": ["8001"],
    },
    "192.0.2.12:5060",
    [{"trunk": "ims", "up": False}],
)
OWN = {
    "at": AT,
    "seats": [seat("8001", "offline"), seat("8002", "signed-out")],
    "queues": [{**queue(0, 0), "longest_since": None}],
    "channels": [],
}
NODES = [{"node": "east", "state": "open", "calls": 1, "why": ""}, {"node": "west", "state": "away", "calls": None}]


def test_seats_queues_and_calls_of_another_node_are_shown_with_its_name() -> None:
    live = live_of_cluster(OWN, "east", {"west": WEST}, NODES)
    first, second = live["seats"]
    assert (first["state"], first["node"], first["call"]) == ("in-call", "west", "east-1.1")
    assert (second["state"], second["node"]) == ("signed-out", "")
    (general,) = live["queues"]
    assert (general["node"], general["waiting"], general["callers"]) == ("west", 1, ["west-1.9"])
    assert general["longest_since"] == "2026-12-01T08:00:18.000+00:00"
    assert live["elsewhere"] == [{**CALL, "node": "west"}]
    assert live["nodes"] == [
        {"node": "east", "state": "open", "calls": 1},
        {"node": "west", "state": "away", "calls": None},
    ]


def test_each_trunk_has_a_state_at_each_node() -> None:
    found = trunks_of_cluster([{"trunk": "ims", "up": True}], "east", {"west": WEST})
    assert [(trunk["node"], trunk["up"]) for trunk in found] == [("east", True), ("west", False)]


def test_a_node_of_the_previous_version_is_shown_although_its_status_has_fewer_fields() -> None:
    older = {"seats": [{"seat": "8001", "phone": "online", "state": "ready", "reason": "", "at": ""}]}
    live = live_of_cluster(OWN, "east", {"west": older}, NODES)
    assert (live["seats"][0]["state"], live["seats"][0]["node"]) == ("ready", "west")
    assert trunks_of_cluster([], "east", {"west": older}) == []
