"""An act at any desk is performed by the node of the phone, the seat or the call."""

import pytest

from ivr.engine.node_of_act import OtherNodes, is_at_two_nodes, node_of_act
from ivr.people.rights import Act

WEST = {
    "groups": ["general"],
    "seats": [{"seat": "8001"}, {"seat": "8004"}],
    "phones": ["8001", "web-8002"],
    "calls": [{"call_id": "east-1.1", "stage": "waiting"}, {"call_id": "east-1.2", "stage": "talking"}],
}
NORTH = {"groups": ["experts"], "seats": [{"seat": "8333"}], "phones": [], "calls": []}
OTHER_NODES = OtherNodes({"north": NORTH, "west": WEST})


@pytest.mark.parametrize(
    ("act", "seat", "args", "node"),
    [
        (Act.SIGN_IN, "8009", {}, "west"),  # home of its group
        (Act.READY, "8001", {}, "west"),
        (Act.READY, "8009", {}, ""),  # not signed in: this node refuses
        (Act.SET_STATE, "8009", {"seat": "8333"}, "north"),
        (Act.SET_GROUPS, "8009", {"seat": "8001"}, "west"),
        (Act.HOLD, "8001", {}, "west"),
        (Act.HOLD, "8002", {}, "west"),  # by the phone of its page
        (Act.HOLD, "8003", {}, ""),
        (Act.RETURN, "8002", {}, "west"),  # the node of the call, not of the desk
        (Act.LISTEN, "8009", {"seat": "8001"}, "west"),
        (Act.LISTEN, "8001", {"seat": "8009"}, "west"),  # back to listening
        (Act.WHISPER, "8001", {}, "west"),
        (Act.PULL, "8009", {"call_id": "east-1.1"}, "west"),
        (Act.PULL, "8009", {"call_id": "east-1.2"}, ""),  # the call waits no more: this node refuses
        (Act.RING_BACK, "8004", {"call_id": "east-1.9"}, "west"),
    ],
)
def test_an_act_goes_to_the_node_of_the_phone_or_seat(act: Act, seat: str, args: dict[str, str], node: str) -> None:
    assert node_of_act(act, seat, args, ("general",), OTHER_NODES) == node


def test_a_node_of_the_previous_version_gets_no_request() -> None:
    older = OtherNodes({"west": {"address": "192.0.2.12:5060", "seats": [], "queues": [], "calls": []}})
    assert {node_of_act(act, "8001", {}, ("general",), older) for act in Act} == {""}


def test_a_seat_cannot_work_at_two_nodes() -> None:
    homes = {"general": "west", "enterprise": "west", "experts": "north"}
    assert is_at_two_nodes(["general", "experts"], homes)
    assert not is_at_two_nodes(["general", "enterprise"], homes)
