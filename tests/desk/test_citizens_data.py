"""A citizen's data at the desk: numbers are masked, an agent hears own calls only, the audit log has each access."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlalchemy import delete

from ivr.records.derive.record_parts import Leg, LegKind, LegResult, WorkOrder
from ivr.records.store.bulk_insert import insert
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLS, LEG_FIELDS, LEGS, WORK_ORDER_FIELDS, WORK_ORDERS
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running_desk import RunningDesk
from tests.reports import made

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

OWN, OTHERS = "made-2026-11-22T09:00", "made-2026-11-22T10:00"  # answered at 8001, the agent's seat, and at 8002
SOUND = b"RIFF" + bytes(2000)


@pytest.fixture(scope="module", autouse=True)
def _recorded(desk: RunningDesk) -> Iterator[None]:
    """Two calls of one citizen, recorded, and a message."""
    with desk.database.begin() as connection:
        for call_id, seat in ((OWN, "8001"), (OTHERS, "8002")):
            call = replace(made.call(call_id.removeprefix("made-")), recording=f"{seat}.wav", seat=seat)
            assert call.answered_at
            leg = Leg(
                LegKind.GENERAL, seat, None, LegResult.ANSWERED, 60.0, call.started_at, call.answered_at, call.ended_at
            )
            insert(connection, CALLS, [to_row(CALL_FIELDS, call)])
            insert(connection, LEGS, [{**to_row(LEG_FIELDS, leg), "call_id": call_id, "position": 0}])
            (desk.home.recordings / f"{seat}.wav").write_bytes(SOUND)
        left_at = made.at("2026-11-22T09:05")
        order = WorkOrder("W1", OWN, made.CALLER, "12345", "市政府办", "W1.wav", 9, left_at)
        insert(connection, WORK_ORDERS, [to_row(WORK_ORDER_FIELDS, order)])
        (desk.home.messages / "W1.wav").write_bytes(SOUND)
    yield
    with desk.database.begin() as connection:
        for table in (WORK_ORDERS, LEGS, CALLS):
            connection.execute(delete(table))


def audited(clients: dict[str, DeskClient], act: str) -> list[tuple[str, str]]:
    """Return the persons who did an act, with its subject, the newest first."""
    lines = clients["auditor"].api("GET", f"/audit?act={act}").json["audit"]
    return [(line["user"], line["about"]) for line in lines]


def test_an_agent_may_hear_recordings_of_own_calls_only(clients: dict[str, DeskClient]) -> None:
    agent = clients["agent"]
    earlier_count = len(audited(clients, "recording.hear"))
    assert agent.api("GET", f"/calls/{OTHERS}/recording").code == "forbidden"
    assert agent.api("GET", f"/calls/{OWN}/recording").body == SOUND
    piece = agent.api("GET", f"/calls/{OWN}/recording", Range="bytes=4-9")
    assert (piece.status, len(piece.body)) == (206, 6)
    assert clients["supervisor"].api("GET", f"/calls/{OTHERS}/recording").status == 200
    assert clients["expert"].api("GET", f"/calls/{OWN}/recording").code == "forbidden"
    assert clients["unit"].api("GET", f"/calls/{OWN}/recording").code == "forbidden"
    heard = audited(clients, "recording.hear")
    assert heard[: len(heard) - earlier_count] == [("supervisor", OTHERS), ("agent", OWN)], (
        "a refused recording leaves no audit line"
    )


def test_an_agents_list_has_own_calls_only_with_masked_callers(clients: dict[str, DeskClient]) -> None:
    own_calls = clients["agent"].api("GET", "/calls").json["calls"]
    assert [call["call_id"] for call in own_calls] == [OWN]
    assert own_calls[0]["caller"] == "139****4321"
    assert made.CALLER not in str(own_calls)
    for words, count in (("4321", 1), (made.CALLER, 0), ("12345 4321", 1), ("nothing", 0)):
        assert len(clients["agent"].api("GET", f"/calls?q={quote(words)}").json["calls"]) == count, words
    all_calls = clients["supervisor"].api("GET", "/calls").json["calls"]
    assert {call["call_id"] for call in all_calls} == {OWN, OTHERS}
    assert clients["agent"].api("GET", "/calls?seat=8002").json["calls"] == own_calls, (
        "an agent got another seat's calls"
    )
    assert clients["agent"].api("GET", f"/calls/{OTHERS}").code == "forbidden"
    assert clients["agent"].api("GET", f"/calls/{OTHERS}/history").code == "forbidden"


def test_earlier_matters_of_the_caller_are_shown_in_the_agents_own_call(clients: dict[str, DeskClient]) -> None:
    history = clients["agent"].api("GET", f"/calls/{OWN}/history").json
    assert [call["call_id"] for call in history["earlier"]] == [OTHERS]
    assert made.CALLER not in str(history)


def test_a_number_is_unmasked_with_a_line_in_the_audit_log(clients: dict[str, DeskClient]) -> None:
    assert clients["agent"].act("number.unmask", call_id=OTHERS).code == "forbidden"
    assert clients["agent"].act("number.unmask", call_id=OWN).json["result"] == {"caller": made.CALLER}
    assert audited(clients, "number.unmask")[0] == ("agent", OWN)
    assert clients["agent"].act("number.unmask", call_id="none").code == "unknown"


def test_a_message_is_heard_and_settled_once(clients: dict[str, DeskClient]) -> None:
    agent, supervisor = clients["agent"], clients["supervisor"]
    (message,) = agent.api("GET", "/messages").json["messages"]
    assert (message["work_order"], message["caller"]) == ("W1", "139****4321")
    assert agent.api("GET", "/messages/W1/recording").body == SOUND
    assert clients["expert"].api("GET", "/messages/W1/recording").code == "forbidden"
    assert agent.act("message.settle", work_order="W1", text="已回电").status == 200
    assert supervisor.act("message.settle", work_order="W1").code == "settled"
    assert supervisor.api("GET", "/messages").json["messages"] == []
    (settled,) = supervisor.api("GET", "/messages?settled=1").json["messages"]
    assert (settled["settled_by"], settled["text"]) == ("agent", "已回电")


def test_a_note_is_written_by_the_agent_of_the_call(clients: dict[str, DeskClient]) -> None:
    note = {"call_id": OWN, "text": "<script>alert(1)</script>", "version": 0}
    assert clients["other"].act("note.save", **note).code == "forbidden"
    assert clients["agent"].act("note.save", **note).json["result"]["version"] == 1
    late = clients["supervisor"].act("note.save", **{**note, "text": "of an older page"})
    assert late.code == "changed", "an older page overwrote a note"
    assert clients["agent"].act("call.result", call_id=OWN, result="已解答").json["result"]["result"] == "已解答"
    assert clients["agent"].act("call.result", call_id=OWN, result="<b>").code == "invalid"
    assert clients["agent"].act("call.check", call_id=OWN, items=["no item"]).code == "invalid"
    assert clients["agent"].act("call.check", call_id=OWN, items=["复述诉求要点并请来电人确认"]).status == 200
    longer_note = {**note, "version": 1, "text": note["text"] + "!"}
    assert clients["agent"].act("note.save", **longer_note).json["result"]["version"] == 2, (
        "saving a result changed the version of the note"
    )
    answer = clients["agent"].api("GET", f"/calls/{OWN}")
    assert answer.headers["Content-Type"].startswith("application/json"), "a browser could take the sound for a page"
    assert answer.json["notes"][0]["text"] == longer_note["text"]
    record = answer.json["call"]
    assert (record["result"], record["checked"]) == ("已解答", ["复述诉求要点并请来电人确认"])
