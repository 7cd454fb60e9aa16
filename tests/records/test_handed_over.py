"""A call that a node handed over to another node has one record, in whatever order the nodes import."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.call_events.codec import encode
from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import CallEvent, HandedOver, OfferStarted, RouteChosen
from ivr.records.derive.record_parts import LegKind, Outcome
from ivr.records.ingest.importer import Importer
from ivr.records.store.call_filter import CallFilter
from ivr.records.store.database import Database
from ivr.records.store.queries import calls

SEATS = {"8001": SeatKind.GENERAL}
CALLER, TO_HOME = ("PJSIP/carrier-00000001", "north-100.1"), ("PJSIP/node-south-00000002", "north-100.2")
FROM_NORTH, AGENT = ("PJSIP/node-north-00000001", "south-100.7"), ("PJSIP/8001-00000002", "south-100.8")
ROUTE = RouteChosen("12345", "13800000001", "12345", "standard", ("12345",), gap=False)


class NodeFiles:
    """The log files of a node's Asterisk."""

    def __init__(self, folder: Path, node: str, database: Database) -> None:
        self.cel, self.queue_log = folder / f"{node}.csv", folder / f"{node}.log"
        self.importer = Importer(database, self.cel, self.queue_log, SEATS, node)

    def event(
        self,
        kind: str,
        second: float,
        channel: tuple[str, str],
        call: str,
        context: str = "",
        note: CallEvent | None = None,
    ) -> None:
        name, extra = encode(note) if note else ("", "")
        text = f'{{""extra"":""{extra}""}}' if note else ""
        if kind == "HANGUP":
            text = f'{{""hangupcause"":16,""hangupsource"":""{channel[0]}"",""dialstatus"":""""}}'
        values = (kind, f"{1796000000 + second:.6f}", name, text, context, *channel, call, "12345", "13800000001")
        with self.cel.open("a", encoding="utf-8") as file:
            file.write(",".join(f'"{value}"' for value in values) + "\n")

    def queued(self, second: int, event: str, data: str, agent: str = "NONE") -> None:
        with self.queue_log.open("a", encoding="utf-8") as file:
            file.write(f"{1796000000 + second}|south-100.7|group-general|{agent}|{event}|{data}\n")


def first_half(north: NodeFiles) -> None:
    north.event("CHAN_START", 0, CALLER, CALLER[1], "from-carrier")
    north.event("USER_DEFINED", 0.1, CALLER, CALLER[1], note=ROUTE)
    north.event("ANSWER", 0.2, CALLER, CALLER[1])
    north.event("USER_DEFINED", 1, CALLER, CALLER[1], note=OfferStarted(SeatKind.GENERAL, "general"))
    north.event("CHAN_START", 1.1, TO_HOME, CALLER[1])
    north.event("ANSWER", 1.2, TO_HOME, CALLER[1])


def at_home(south: NodeFiles) -> None:
    south.event("CHAN_START", 1.15, FROM_NORTH, FROM_NORTH[1], "handed-over")
    south.importer.import_new()
    south.event("USER_DEFINED", 1.16, FROM_NORTH, FROM_NORTH[1], note=HandedOver(CALLER[1]))
    south.event("ANSWER", 1.17, FROM_NORTH, FROM_NORTH[1])
    south.queued(1, "ENTERQUEUE", "|13800000001|1")
    south.event("CHAN_START", 5, AGENT, FROM_NORTH[1])
    south.event("ANSWER", 8, AGENT, FROM_NORTH[1])
    south.queued(8, "CONNECT", "7|south-100.8|3", "8001")
    south.event("HANGUP", 30, AGENT, FROM_NORTH[1])
    south.queued(30, "COMPLETEAGENT", "7|22|1", "8001")
    south.event("HANGUP", 30.3, FROM_NORTH, FROM_NORTH[1])
    south.event("LINKEDID_END", 30.3, FROM_NORTH, FROM_NORTH[1])


def second_half(north: NodeFiles) -> None:
    north.event("HANGUP", 30.4, TO_HOME, CALLER[1])
    north.event("HANGUP", 33, CALLER, CALLER[1])
    north.event("LINKEDID_END", 33, CALLER, CALLER[1])


ORDERS: dict[str, Callable[[NodeFiles, NodeFiles], None]] = {
    "as it happened": lambda north, south: imported((first_half, north), (at_home, south), (second_half, north)),
    "the home is late": lambda north, south: imported((first_half, north), (second_half, north), (at_home, south)),
    "the home is early": lambda north, south: imported((at_home, south), (first_half, north), (second_half, north)),
}


def imported(*steps: tuple[Callable[[NodeFiles], None], NodeFiles]) -> None:
    for write, node in steps:
        write(node)
        node.importer.import_new()


@pytest.mark.parametrize("order", ORDERS)
def test_a_call_that_was_handed_over_has_one_record_with_the_events_of_both_nodes(
    order: str, database: Database, tmp_path: Path
) -> None:
    ORDERS[order](NodeFiles(tmp_path, "north", database), NodeFiles(tmp_path, "south", database))
    (record,) = calls(database, CallFilter())
    assert (record.call_id, record.caller, record.dialled) == ("north-100.1", "13800000001", "12345")
    assert (record.outcome, record.seat, record.queue, record.wait_s) == (Outcome.ANSWERED, "8001", "general", 7)
    assert [(leg.kind, leg.target) for leg in record.legs] == [(LegKind.GENERAL, "8001")]
    assert record.ended_at is not None
    assert record.ended_at.timestamp() == 1796000033, "the caller stayed three seconds longer than the agent"


def test_a_call_goes_on_at_its_node_after_the_home_of_the_group_ended_its_leg(sqlite: Database, tmp_path: Path) -> None:
    north, south = NodeFiles(tmp_path, "north", sqlite), NodeFiles(tmp_path, "south", sqlite)
    imported((first_half, north), (at_home, south))
    (record,) = calls(sqlite, CallFilter())
    assert record.outcome is Outcome.IN_PROGRESS
