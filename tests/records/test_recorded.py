"""Calls of real phones through a real Asterisk, and the record of each call."""

from pathlib import Path

import pytest

from ivr.records.store.call_filter import CallFilter
from ivr.records.store.database import Database
from ivr.records.store.queries import calls, to_json
from tests.records.recorded import logs

BUSY = ("expert", "8348", "busy", 0.2)
SILENT = ("expert", "8348", "no-answer", 4.0)

# name → outcome, queue, seat, kind of seat, fallbacks, legs
STORIES = {
    "expert_answers": ("answered", "expert-12348", "8348", "expert", [], [("expert", "8348", "answered", 1.5)]),
    "expert_silent_agent_and_center": (
        "answered",
        "general",
        "8001",
        "general",
        ["expert-silent"],
        [SILENT, ("general", "8001", "answered", 8.4), ("consult", "12313", "answered", 5.6)],
    ),
    "three_with_an_expert": (
        "answered",
        "general",
        "8001",
        "general",
        ["expert-silent"],
        [SILENT, ("general", "8001", "answered", 7.1), ("consult", "8348", "answered", 2.6)],
    ),
    "consult_and_back": (
        "answered",
        "general",
        "8001",
        "general",
        ["expert-silent"],
        [BUSY, BUSY, BUSY, ("general", "8001", "answered", 8.3), ("consult", "12313", "answered", 2.0)],
    ),
    "agent_leaves_citizen_and_center": (
        "answered",
        "general",
        "8001",
        "general",
        ["expert-silent"],
        [BUSY, BUSY, BUSY, ("general", "8001", "answered", 6.3), ("consult", "12313", "answered", 4.0)],
    ),
    "agent_leaves_while_center_rings": (
        "answered",
        "general",
        "8001",
        "general",
        ["expert-silent"],
        [BUSY, BUSY, BUSY, ("general", "8001", "answered", 7.3), ("consult", "12313", "answered", 1.5)],
    ),
    "consult_not_answered": (
        "answered",
        "general",
        "8001",
        "general",
        [],
        [("general", "8001", "answered", 6.9), ("consult", "12313", "cancelled", 2.1)],
    ),
    "consult_busy": (
        "answered",
        "general",
        "8001",
        "general",
        [],
        [("general", "8001", "answered", 6.4), ("consult", "12313", "busy", 0.2)],
    ),
    "center_answers": ("answered", None, "12366", "center", [], [("center", "12366", "answered", 1.5)]),
    "center_busy_then_message": (
        "message",
        "general",
        None,
        None,
        ["center-busy", "gave-up"],
        [("center", "12366", "busy", 0.2), ("general", "8001", "no-answer", 6.0), ("message", "w1", "recorded", 3.0)],
    ),
    "caller_leaves_queue_for_message": (
        "message",
        "general",
        None,
        None,
        ["gave-up"],
        [("general", "8001", "cancelled", 3.2), ("message", "hotline-1795370178.52", "recorded", 3.0)],
    ),
    "caller_hangs_up_while_center_rings": (
        "abandoned",
        None,
        None,
        None,
        [],
        [("center", "12366", "cancelled", 3.0)],
    ),
    "expert_busy_caller_hangs_up": (
        "abandoned",
        "general",
        None,
        None,
        ["expert-silent"],
        [BUSY, BUSY, BUSY, BUSY, ("general", "8001", "cancelled", 2.1)],
    ),
    "caller_hangs_up_at_once": ("abandoned", "general", None, None, [], [("general", "8001", "cancelled", 0.3)]),
    "engine_away": ("abandoned", "general", None, None, [], [("general", "8001", "cancelled", 2.0)]),
    "hostile_number": ("abandoned", "general", None, None, [], [("general", "8001", "cancelled", 0.0)]),
    "asterisk_killed": ("answered", "general", "8001", "general", [], [("general", "8001", "answered", 0.0)]),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_call_leaves_one_record_with_its_legs_in_order(name: str, sqlite: Database, tmp_path: Path) -> None:
    outcome, queue, seat, kind, fallbacks, legs = STORIES[name]
    recorded = logs(tmp_path, sqlite)
    recorded.write(name)
    recorded.importer.import_new()
    [call] = [to_json(call) for call in calls(sqlite)]
    assert [(leg["kind"], leg["target"], leg["result"], leg["seconds"]) for leg in call["legs"]] == legs
    assert (call["outcome"], call["queue"], call["seat"], call["seat_kind"]) == (outcome, queue, seat, kind)
    assert call["fallbacks"] == fallbacks
    assert call["fallback"] == (fallbacks[-1] if fallbacks else None)
    assert (call["answered_at"] is not None) == (outcome == "answered")
    assert call["started_at"] < call["ended_at"]


def test_two_calls_at_once_leave_two_records_oldest_first(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("two_calls_at_once")
    recorded.importer.import_new()
    first, second = calls(database)
    assert (first.seat, second.seat) == ("8001", "8002")
    assert first.started_at < second.started_at


def test_a_feature_code_is_no_call_of_a_citizen(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("feature_code")
    assert recorded.importer.import_new().lines == 4
    assert calls(database) == []


def test_the_record_has_every_field_that_other_programs_read(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("caller_leaves_queue_for_message")
    recorded.importer.import_new()
    [call] = [to_json(call) for call in calls(database)]
    assert call == {
        "call_id": "hotline-1795370178.52",
        "caller": "13900001111",
        "dialled": "12345",
        "line": "12345",
        "mode": "hotline",
        "path": "main:*/main:1",
        "topic": "反映问题",
        "gap": False,
        "intent_text": None,
        "intent_decision": None,
        "intent_target": None,
        "confidence": None,
        "recognizer": None,
        "heard_ms": None,
        "answer_article": None,
        "answer_title": None,
        "answer_s": None,
        "answer_end": None,
        "first_offer_at": "2026-11-22T17:56:18.762+00:00",
        "queue": "general",
        "wait_s": 3,
        "ring_s": None,
        "seat": None,
        "seat_kind": None,
        "started_at": "2026-11-22T17:56:18.761+00:00",
        "answered_at": None,
        "ended_at": "2026-11-22T17:56:25.464+00:00",
        "outcome": "message",
        "fallback": "gave-up",
        "fallbacks": ["gave-up"],
        "work_order": "hotline-1795370178.52",
        "orders": [],
        "recording": "m.wav",
        "recording_paused": [],
        "held": [],
        "phones_lost": [],
        "pulled_by": None,
        "result": None,
        "checked": [],
        "sound_quality": [],
        "recording_deleted_at": None,
        "callback": None,
        "rating": None,
        "utterances": [],
        "legs": [
            {
                "kind": "general",
                "target": "8001",
                "party": None,
                "result": "cancelled",
                "seconds": 3.2,
                "started_at": "2026-11-22T17:56:18.762+00:00",
                "answered_at": None,
                "ended_at": "2026-11-22T17:56:21.961+00:00",
            },
            {
                "kind": "message",
                "target": "hotline-1795370178.52",
                "party": None,
                "result": "recorded",
                "seconds": 3.0,
                "started_at": "2026-11-22T17:56:22.464+00:00",
                "answered_at": None,
                "ended_at": "2026-11-22T17:56:25.464+00:00",
            },
        ],
    }


def test_a_message_becomes_a_work_order(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("center_busy_then_message")
    recorded.importer.import_new()
    [call] = calls(database)
    [order] = call.work_orders
    assert (order.work_order, order.number, order.unit, order.recording) == ("w1", "12366", "税", "m.wav")
    assert call.work_order == order


def test_without_the_engine_the_record_has_asterisks_own_events(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("engine_away")
    recorded.importer.import_new()
    [call] = calls(database)
    assert (call.caller, call.dialled, call.line, call.mode, call.wait_s) == (
        "13900001111",
        "12399",
        "12399",
        None,
        2,
    )


def test_a_line_break_in_the_callers_number_is_shown_and_breaks_no_record(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("hostile_number")
    result = recorded.importer.import_new()
    assert len(calls(database)) == 1
    assert result.bad_lines == 9
    assert any("lines kept but not understood: 8" in problem for problem in result.problems)


def test_calls_are_found_by_number_time_and_count(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    names = ("expert_answers", "center_answers", "engine_away")
    for name in names:
        recorded.write(name)
    recorded.importer.import_new()
    assert [call.dialled for call in calls(database)] == ["12348", "12366", "12399"]
    assert [call.dialled for call in calls(database, CallFilter(number="12366"))] == ["12366"]
    assert [call.dialled for call in calls(database, limit=2)] == ["12366", "12399"]
    [_, second, _] = calls(database)
    assert [call.dialled for call in calls(database, CallFilter(since=second.started_at))] == ["12366", "12399"]
