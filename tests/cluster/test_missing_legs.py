"""A call between two nodes ends at the one node if the other has lost its half of it."""

from typing import Any

from ivr.cluster.missing_legs import MissingLegs, NodeLeg
from ivr.cluster.node_model import NodeNow, NodeState, WantedState

_CALL = "south-1796047826.12"


def west(reports: int, *calls: str, seen_s: float = 0.3) -> NodeNow:
    status: dict[str, Any] = {"reports": reports, "calls": [{"call_id": call} for call in calls]}
    return NodeNow(
        "west", WantedState.OPEN, "", NodeState.OPEN, len(calls), "1", "", "", "", seen_s, status
    )  # fmt: skip


def leg(channel: str = "PJSIP/node-west-1", began: int = 1, *, came_in: bool = False) -> NodeLeg:
    return NodeLeg(channel, "west", _CALL, (1796047830, began), came_in)


def test_a_leg_ends_once_the_other_node_has_reported_three_times_without_its_call() -> None:
    looks = MissingLegs()
    found = [looks.lost([leg()], [west(reports)]) for reports in (7, 7, 8, 8, 9, 10)]
    assert found == [[], [], [], [], [], ["PJSIP/node-west-1"]]


def test_a_leg_stays_if_the_other_node_has_the_call() -> None:
    looks = MissingLegs()
    assert not any(looks.lost([leg()], [west(reports, _CALL)]) for reports in range(1, 9))


def test_a_call_that_is_there_again_counts_anew() -> None:
    looks = MissingLegs()
    rounds = [west(1), west(2), west(3), west(4, _CALL), west(5), west(6), west(7)]
    assert not any(looks.lost([leg()], [one]) for one in rounds)


def test_a_node_that_is_away_or_of_the_version_before_loses_no_leg() -> None:
    looks = MissingLegs()
    assert not any(looks.lost([leg()], [west(reports, seen_s=6.0)]) for reports in range(1, 9))
    assert not any(looks.lost([leg()], [west(0)]) for _again in range(9))


def test_of_two_legs_by_which_one_caller_came_in_the_newer_one_stays() -> None:
    old, new = leg("PJSIP/node-west-1", 1, came_in=True), leg("PJSIP/node-west-2", 2, came_in=True)
    assert MissingLegs().lost([new, old], [west(1, _CALL)]) == ["PJSIP/node-west-1"]
    out = [leg("PJSIP/node-west-1", 1), leg("PJSIP/node-west-2", 2)]
    assert MissingLegs().lost(out, [west(1, _CALL)]) == []
