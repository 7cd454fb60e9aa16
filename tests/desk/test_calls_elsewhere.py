"""The desk's view of calls at another node, and of calls that were handed over."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ivr.call_events.vocabulary import KeyPressed, RouteChosen
from ivr.desk.act_door import ActDoor
from ivr.desk.calls_elsewhere import at_one_node, call_elsewhere, handed_away, handed_here
from ivr.desk.live_calls import LiveCalls
from ivr.desk.live_feed import LiveFeed
from ivr.desk.live_state import LiveState, Viewer
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor
from ivr.people.rights import Act
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.shipped import NUMBERS, RECORDINGS
from tests.records.written_call import WrittenCall

NOW = datetime(2026, 12, 1, 16, tzinfo=CITY_TIME)
ID = "east-1796.1"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read(NUMBERS, recorded(RECORDINGS))


def reported_call(node: str, stage: str, *phones: str) -> dict[str, Any]:
    return {"call_id": ID, "caller": "13800000001", "line": "12345", "stage": stage, "with": list(phones),
            "seconds": 20, "node": node}  # fmt: skip


def test_a_call_that_was_handed_over_belongs_to_the_node_of_the_queue() -> None:
    east, west = reported_call("east", "dialling"), reported_call("west", "waiting")
    assert at_one_node([east, west])[ID]["node"] == "west"
    assert at_one_node([west, east])[ID]["node"] == "west"


def test_a_call_has_its_caller_at_once_and_its_keys_with_its_record(registry: Registry) -> None:
    first = call_elsewhere(reported_call("west", "waiting", "web-8001"), None, registry, NOW)
    assert first is not None
    assert (first["caller"], first["number"], first["stage"], first["ringing"]) == (
        "13800000001", "12345", "ringing", ["8001"],
    )  # fmt: skip
    assert first["since"] == (NOW - timedelta(seconds=20)).isoformat(timespec="milliseconds")
    call = WrittenCall().notes(RouteChosen("12345", "13800000001", "12345", "hotline", ("12345",), gap=False))
    record = call.notes(KeyPressed("main", "1", "社保")).record()
    later = call_elsewhere(reported_call("west", "talking", "8001"), record, registry, NOW)
    assert later is not None
    assert later["keys"] == [{"menu": "main", "key": "1", "topic": "社保"}]
    assert [party["party"] for party in later["parties"]] == ["8001"]
    assert later["node"] == "west"


def test_an_agents_own_call_at_another_node_is_not_shown_as_a_citizens(registry: Registry) -> None:
    assert call_elsewhere({**reported_call("west", "menu"), "line": "*81"}, None, registry, NOW) is None


def test_a_handed_over_call_has_the_talk_of_its_home_and_the_caller_of_the_other_node(registry: Registry) -> None:
    call_at_east = call_elsewhere(reported_call("east", "dialling"), None, registry, NOW)
    assert call_at_east is not None
    leg = {key: None for key in call_at_east} | {"stage": "held", "seat": "8001", "parties": [], "caller": ""}
    call_at_west = handed_here(call_at_east, leg, "west")
    assert (call_at_west["caller"], call_at_west["stage"], call_at_west["seat"], call_at_west["node"]) == (
        "13800000001",
        "held",
        "8001",
        "west",
    )
    earlier_call = {**call_at_east, "stage": "dialling", "topic": "社保", "node": "east"}
    talking_call = call_elsewhere(reported_call("west", "talking", "8001"), None, registry, NOW)
    assert talking_call is not None
    handed_call = handed_away(earlier_call, talking_call)
    assert (handed_call["stage"], handed_call["topic"], handed_call["node"]) == ("talking", "社保", "west")


def test_a_node_knows_which_call_was_handed_over_to_it(tmp_path: Path) -> None:
    lines = (
        '"CHAN_START","1796540000.100000","","","from-front","PJSIP/front-00000001","west-1796.7","west-1796.7","g","1"',
        '"USER_DEFINED","1796540000.200000","IVR_HANDED_OVER","{""extra"":""call=east-1796.1""}","handed-over",'
        '"PJSIP/front-00000001","west-1796.7","west-1796.7","g","1"',
    )
    cel = tmp_path / "cel.csv"
    cel.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    calls = LiveCalls(cel, tmp_path / "queue_log")
    calls.read()
    assert calls.handed_call("west-1796.7") == ID


class ClusterEngine:
    """Answers as the engine of the node east, while west has a seat that talks."""

    async def ask(self, action: str) -> dict[str, Any]:
        assert action == "live"
        seat = {"seat": "8001", "state": "in-call", "reason": "", "call": ID, "node": "west"}
        return {
            "at": NOW.isoformat(),
            "node": "east",
            "stopping": False,
            "seats": [seat],
            "queues": [{"group": "general", "callers": [], "longest_since": None, "node": "west"}],
            "channels": [],
            "elsewhere": [reported_call("east", "dialling"), reported_call("west", "talking", "8001")],
            "nodes": [{"node": "west", "state": "open", "calls": 1}],
        }


async def test_a_desk_shows_the_calls_seats_and_nodes_of_the_cluster(registry: Registry, tmp_path: Path) -> None:
    state = LiveState()
    view = SimpleNamespace(current=registry, seat_kinds={})
    calls = LiveCalls(tmp_path / "cel.csv", tmp_path / "queue_log")
    feed = LiveFeed(state, calls, ClusterEngine(), view, None, lambda: NOW)  # type: ignore[arg-type]
    await feed.refresh()
    shown = state.objects
    assert [(call["call_id"], call["node"], call["stage"]) for call in shown["calls"].values()] == [
        (ID, "west", "talking")
    ]
    assert shown["seats"]["8001"]["node"] == "west"
    assert shown["hotline"]["hotline"]["nodes"] == [{"node": "west", "state": "open", "calls": 1}]
    supervisor = state.snapshot(Viewer(None, sees_all=True, sees_callbacks=True))
    assert supervisor["calls"][ID]["caller_shown"] == "masked"
    agent = state.snapshot(Viewer("8002", sees_all=False, sees_callbacks=False))
    assert agent["calls"][ID]["caller_shown"] == "hidden", "another agent's call is masked, at whichever node"
    own_agent = state.snapshot(Viewer("8001", sees_all=False, sees_callbacks=False))
    assert own_agent["calls"][ID]["mine"]


async def test_an_agent_opens_the_own_call_before_the_other_node_has_sent_its_part() -> None:
    state = LiveState()
    call = {"caller": "13800000001", "number": "12345", "said": [], "ringing": [], "seat": None, "parties": []}
    seats = {"8001": {"call": ID}, "8002": {"call": None}}
    state.replace("", calls={ID: call}, seats=seats)
    door = ActDoor(None, None, state, lambda: NOW)  # type: ignore[arg-type]

    def agent(seat: str) -> Visitor:
        return Visitor(seat, seat, frozenset(), seat, "127.0.0.1", "zh_CN")

    opened = await door.own_or_all(agent("8001"), ID, Act.READ_CALLS)
    assert opened["caller"] == "13800000001"
    with pytest.raises(DeskRefused, match="another agent's"):
        await door.own_or_all(agent("8002"), ID, Act.READ_CALLS)
