"""The home of a group: all nodes compute the same home; when a node is gone, only the groups of this node move."""

from ivr.cluster.group_homes import GroupHome, homes_at, sharing_groups, staff_of_groups, wanted_homes
from ivr.cluster.node_model import NodeNow, NodeState, WantedState

NODES = ("north", "south", "west")
GROUPS = {f"g{at}": f"g{at}" for at in range(300)}


def test_groups_that_share_a_seat_have_one_home_also_by_way_of_a_third_group() -> None:
    seats = [("water",), ("water", "power"), ("power", "gas"), ("tax",)]
    sharing = sharing_groups(("water", "power", "gas", "tax", "nobodys"), seats)
    assert sharing == {"water": "gas", "power": "gas", "gas": "gas", "tax": "tax", "nobodys": "nobodys"}
    homes = wanted_homes(sharing, NODES)
    assert homes["water"] == homes["power"] == homes["gas"]


def test_the_home_depends_neither_on_the_order_of_the_nodes_nor_of_the_seats() -> None:
    assert wanted_homes(GROUPS, NODES) == wanted_homes(GROUPS, reversed(NODES))
    seats = [("a", "b"), ("c", "b"), ("d",)]
    assert sharing_groups("abcd", seats) == sharing_groups("dcba", reversed(seats))


def test_only_the_groups_of_a_node_that_is_gone_move_and_all_come_back_with_it() -> None:
    before, after = wanted_homes(GROUPS, NODES), wanted_homes(GROUPS, ("north", "west"))
    assert {group for group in GROUPS if before[group] != after[group]} == {
        group for group, node in before.items() if node == "south"
    }
    for node in NODES:
        assert 60 < sum(home == node for home in before.values()) < 140, "each node has about a third"


def test_without_a_node_no_group_has_a_home() -> None:
    assert wanted_homes(GROUPS, ()) == {}


def test_a_group_has_no_home_after_the_lease_has_ended() -> None:
    homes = [GroupHome("water", "north", 3, is_leased=True), GroupHome("tax", "south", 1, is_leased=False)]
    assert homes_at(homes, ("water", "tax", "new")) == {"water": "north", "tax": "", "new": ""}


def node(name: str, groups: list[str], staff: dict[str, str]) -> NodeNow:
    status = {"groups": groups, "staff": staff}
    return NodeNow(name, WantedState.OPEN, "", NodeState.OPEN, 0, "1", "", "", "", 0.3, status)


def test_the_staff_of_a_queue_that_moves_is_known_until_its_next_home_has_reported_it() -> None:
    south, early = node("south", [], {}), node("west", [], {})
    before = {"general": "101"}
    for home in ("south", "", "west"):  # south gives the queue up, no node has it, west has the lease
        assert staff_of_groups({"general": home}, {"south": south, "west": early}, before) == before
    west = node("west", ["general", "tax"], {"general": "111"})
    homes = {"general": "west", "tax": "west"}
    assert staff_of_groups(homes, {"west": west}, {**before, "tax": "111"}) == {"general": "111", "tax": "000"}
