"""After a queue has moved, its seats get no caller until all waiting callers have come to the new home."""

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


def test_the_waiting_callers_are_known_after_their_home_has_given_up_the_queue() -> None:
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


def test_seats_take_callers_after_the_last_waiting_caller_has_come() -> None:
    missing = MissingCallers(frozenset({A, B}))
    assert not missing.is_over
    arrived: dict[str, str] = {A: "general"}
    missing = still_missing(missing, "general", "north", [node("north", arrived, "general"), node("south", {B: ""})])
    assert not missing.is_over, "caller B would be served after callers who came later"
    arrived[B] = "general"
    assert still_missing(missing, "general", "north", [node("north", arrived, "general")]).is_over


def test_seats_wait_while_callers_come_and_give_up_after_six_checks_without_a_caller() -> None:
    missing = MissingCallers(frozenset({A, B, C}))
    elsewhere = node("south", {A: "", B: "", C: ""})
    arrived: dict[str, str] = {}
    for check in range(9):
        arrived |= {4: {A: "general"}, 8: {B: "general"}}.get(check, {})
        missing = still_missing(missing, "general", "north", [node("north", arrived), elsewhere])
        assert not missing.is_over
    are_over = []
    for _check in range(6):
        missing = still_missing(missing, "general", "north", [node("north", arrived), elsewhere])
        are_over.append(missing.is_over)
    assert are_over == [False] * 5 + [True]


def test_seats_wait_for_no_caller_if_the_earlier_home_has_the_previous_version() -> None:
    before = NodeNow("west", WantedState.OPEN, "", NodeState.OPEN, 1, "1", "", "", "", 0.3,
                     {"calls": [{"call_id": A}], "groups": ["general"]})  # fmt: skip
    assert MissingCallers(waiting_callers([before], {})["general"]).is_over
