"""The seats of a queue that has moved are offered callers once all who waited have come to its new home."""

from collections.abc import Mapping
from typing import Any

from ivr.cluster.missing_callers import MissingCallers, missing_calls, still_missing, waiting_callers
from ivr.cluster.node_model import NodeNow, NodeState, WantedState

A, B, C = "north-1.1", "south-1.2", "west-1.3"


def node(name: str, calls: Mapping[str, str], *groups: str, seen_s: float = 0.3) -> NodeNow:
    """Return a node with these calls, each with the group that it waits for, and the queues of these groups."""
    listed = [{"call_id": call, "queue": queue} for call, queue in calls.items()]
    status: dict[str, Any] = {"calls": listed, "groups": list(groups)}
    return NodeNow(name, WantedState.OPEN, "", NodeState.OPEN, len(calls), "1", "", "", "", seen_s, status)


def test_the_callers_who_waited_are_known_after_their_home_has_let_go_of_the_queue() -> None:
    waited = waiting_callers([node("west", {A: "general", B: "", C: "general"}, "general", "tax")], {})
    assert waited == {"general": {A, C}, "tax": frozenset()}
    assert waiting_callers([node("west", {A: "", B: "", C: ""})], waited) == waited


def test_the_newer_report_counts_if_a_home_that_died_still_seems_to_have_the_queue() -> None:
    dead, home = node("west", {A: "general"}, "general", seen_s=30.0), node("north", {B: "general"}, "general")
    for nodes in ([dead, home], [home, dead]):
        assert waiting_callers(nodes, {}) == {"general": {B}}


def test_a_caller_is_on_the_way_until_the_new_home_has_the_caller_in_its_queue() -> None:
    nodes = [node("north", {A: "general", B: ""}, "general"), node("south", {B: ""}), node("west", {C: ""})]
    assert missing_calls(frozenset({A, B, C}), "general", "north", nodes) == {B, C}


def test_a_caller_who_has_hung_up_or_whose_node_has_died_is_not_awaited() -> None:
    nodes = [node("north", {}), node("south", {}), node("west", {C: "general"}, "general", seen_s=6.0)]
    assert missing_calls(frozenset({B, C}), "general", "north", nodes) == frozenset()


def test_seats_take_callers_once_the_last_of_those_who_waited_has_come() -> None:
    missing = MissingCallers(frozenset({A, B}))
    assert not missing.is_over
    came: dict[str, str] = {A: "general"}
    missing = still_missing(missing, "general", "north", [node("north", came, "general"), node("south", {B: ""})])
    assert not missing.is_over, "B would be behind A's younger neighbours"
    came[B] = "general"
    assert still_missing(missing, "general", "north", [node("north", came, "general")]).is_over


def test_seats_wait_as_long_as_callers_come_and_six_looks_for_a_caller_who_does_not() -> None:
    missing = MissingCallers(frozenset({A, B, C}))
    elsewhere = node("south", {A: "", B: "", C: ""})
    came: dict[str, str] = {}
    for look in range(9):
        came |= {4: {A: "general"}, 8: {B: "general"}}.get(look, {})
        missing = still_missing(missing, "general", "north", [node("north", came), elsewhere])
        assert not missing.is_over
    overs = []
    for _look in range(6):
        missing = still_missing(missing, "general", "north", [node("north", came), elsewhere])
        overs.append(missing.is_over)
    assert overs == [False] * 5 + [True]


def test_a_home_of_the_version_before_does_not_say_who_waits_and_nobody_is_awaited() -> None:
    before = NodeNow("west", WantedState.OPEN, "", NodeState.OPEN, 1, "1", "", "", "", 0.3,
                     {"calls": [{"call_id": A}], "groups": ["general"]})  # fmt: skip
    assert MissingCallers(waiting_callers([before], {})["general"]).is_over
