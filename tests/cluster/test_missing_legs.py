"""A leg between two nodes ends at one node if the other node has lost the call."""

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
    missing_legs = MissingLegs()
    found = [missing_legs.lost([leg()], [west(reports)]) for reports in (7, 7, 8, 8, 9, 10)]
    assert found == [[], [], [], [], [], ["PJSIP/node-west-1"]]


def test_a_leg_stays_if_the_other_node_has_the_call() -> None:
    missing_legs = MissingLegs()
    assert not any(missing_legs.lost([leg()], [west(reports, _CALL)]) for reports in range(1, 9))


def test_reports_without_the_call_are_counted_anew_after_a_report_with_it() -> None:
    missing_legs = MissingLegs()
    reports = [west(1), west(2), west(3), west(4, _CALL), west(5), west(6), west(7)]
    assert not any(missing_legs.lost([leg()], [report]) for report in reports)


def test_no_leg_ends_if_the_other_node_is_away_or_has_the_previous_version() -> None:
    missing_legs = MissingLegs()
    assert not any(missing_legs.lost([leg()], [west(reports, seen_s=6.0)]) for reports in range(1, 9))
    assert not any(missing_legs.lost([leg()], [west(0)]) for _again in range(9))


def test_the_newer_of_two_incoming_legs_of_a_call_stays() -> None:
    old, new = leg("PJSIP/node-west-1", 1, came_in=True), leg("PJSIP/node-west-2", 2, came_in=True)
    assert MissingLegs().lost([new, old], [west(1, _CALL)]) == ["PJSIP/node-west-1"]
    out = [leg("PJSIP/node-west-1", 1), leg("PJSIP/node-west-2", 2)]
    assert MissingLegs().lost(out, [west(1, _CALL)]) == []
