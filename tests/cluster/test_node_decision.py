"""Whether a node takes calls, and whether a registry comes in force on all nodes."""

from dataclasses import replace

from ivr.cluster.node_decision import NodeFacts, missing_votes, node_state, nodes_for_homes, refusals
from ivr.cluster.node_model import NodeNow, NodeState, WantedState

EAST = NodeFacts("east", WantedState.OPEN, stopping=False, registry_problem="", secrets="same")
WEST = NodeNow("west", WantedState.OPEN, "", NodeState.OPEN, 3, "0.1.0", "r1", "same", "", 0.2)


def test_a_node_takes_calls_unless_it_drains_stops_or_has_another_registry() -> None:
    assert node_state(EAST, [WEST]) == (NodeState.OPEN, "")
    assert node_state(replace(EAST, wanted=WantedState.DRAINED), [WEST])[0] is NodeState.DRAINING
    assert node_state(replace(EAST, stopping=True), [WEST])[0] is NodeState.STOPPING
    assert node_state(replace(EAST, registry_problem="no"), [WEST]) == (NodeState.BEHIND, "no")


def test_a_node_whose_passwords_differ_takes_no_calls_and_gives_the_reason() -> None:
    state, reason = node_state(replace(EAST, secrets="own"), [WEST])
    assert state is NodeState.BEHIND
    assert "its secrets file differs from that of west" in reason
    assert node_state(replace(EAST, secrets="own"), [replace(WEST, seen_s=60.0)])[0] is NodeState.OPEN


def test_every_living_node_has_to_agree_to_a_registry() -> None:
    dead = replace(WEST, node="north", seen_s=6.0)
    assert missing_votes({"east": ""}, [WEST, dead]) == ["west"]
    assert missing_votes({"east": "", "west": ""}, [WEST, dead]) == []
    assert refusals({"east": "", "west": "numbers.yaml:3:1: no\nnumbers.yaml:4:1: no"}) == [
        "west: numbers.yaml:3:1: no", "west: numbers.yaml:4:1: no",
    ]  # fmt: skip


def test_after_an_outage_of_the_database_the_first_node_that_is_back_does_not_take_all_queues() -> None:
    silent, draining = replace(WEST, node="north", seen_s=8.0), replace(WEST, node="south", state=NodeState.DRAINING)
    assert nodes_for_homes([WEST, silent, draining], sees_all=False) == {"west", "north"}
    assert nodes_for_homes([WEST, silent, draining], sees_all=True) == {"west"}
