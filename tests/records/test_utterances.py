"""The record has each utterance of a caller at menus, with its last decision."""

from datetime import timedelta
from pathlib import Path

import pytest

from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from ivr.records.purge.expired_calls import purge_calls
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.queries import calls, calls_with_missed_utterances, to_json
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLS, UTTERANCE_FIELDS, UTTERANCES
from tests.records.written_call import BEGAN, CALLER, WrittenCall


def heard(text: str, decision: str, target: str = "", score: float = 0.8) -> SpeechHeard:
    return SpeechHeard("main", text, score, "whisper-base", 213, SpeechDecision(decision), target, "")


def story(*events: SpeechHeard) -> WrittenCall:
    call = WrittenCall()
    for event in events:
        call.notes(event).wait(2)
    return call.hangs_up(CALLER).ends()


def keep(database: Database, call: WrittenCall) -> None:
    record = call.record()
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record)])
        rows = [
            {"call_id": record.call_id, "position": at, **to_row(UTTERANCE_FIELDS, utterance)}
            for at, utterance in enumerate(record.utterances)
        ]
        insert(connection, UTTERANCES, rows)


@pytest.mark.parametrize(
    ("events", "utterances"),
    [
        ([heard("公积金", "sure", "12329")], [("公积金", "sure", "12329")]),
        ([heard("提取", "confirm", "12329"), heard("提取", "confirmed", "12329")], [("提取", "confirmed", "12329")]),
        (
            [heard("公鸡", "confirm", "12329"), heard("公鸡", "denied", "12329"), heard("办护照", "sure", "12367")],
            [("公鸡", "denied", "12329"), ("办护照", "sure", "12367")],
        ),
        ([heard("预付卡", "which", "12315"), heard("预付卡", "chosen", "12312")], [("预付卡", "chosen", "12312")]),
        (
            [heard("火", "emergency-asked", "119"), heard("火", "emergency-denied", "119"), heard("火", "unknown")],
            [("火", "unknown", "")],
        ),
        ([heard("重听", "sure", "main:*"), heard("重听", "sure", "main:*")], [("重听", "sure", "main:*")] * 2),
    ],
)  # fmt: skip
def test_a_question_and_its_answer_are_one_utterance(
    events: list[SpeechHeard], utterances: list[tuple[str, str, str]]
) -> None:
    recorded = story(*events).record().utterances
    assert [(utterance.text, utterance.decision, utterance.target) for utterance in recorded] == utterances


def test_utterances_come_back_from_the_database_unchanged(database: Database) -> None:
    call = story(heard("公鸡", "confirm", "12329"), heard("公鸡", "denied", "12329"), heard("护照", "sure", "12367"))
    keep(database, call)
    (stored,) = calls(database)
    assert stored == call.record()
    assert to_json(stored)["utterances"] == [
        {"at": stored.utterances[0].at.isoformat(timespec="milliseconds"), "menu": "main", "text": "公鸡",
         "decision": "denied", "target": "12329", "confidence": 0.8},
        {"at": stored.utterances[1].at.isoformat(timespec="milliseconds"), "menu": "main", "text": "护照",
         "decision": "sure", "target": "12367", "confidence": 0.8},
    ]  # fmt: skip


def test_the_list_of_missed_texts_reads_only_calls_with_a_missed_utterance(database: Database) -> None:
    keep(database, story(heard("公鸡", "unknown")))
    assert len(calls_with_missed_utterances(database)) == 1
    assert len(calls_with_missed_utterances(database, BEGAN, BEGAN + timedelta(minutes=1))) == 1
    assert not calls_with_missed_utterances(database, since=BEGAN + timedelta(minutes=1))
    assert not calls_with_missed_utterances(database, until=BEGAN)


def test_the_list_of_missed_texts_reads_no_call_without_a_missed_utterance(database: Database) -> None:
    keep(database, story(heard("公积金", "sure", "12329")))
    assert not calls_with_missed_utterances(database)


def test_utterances_are_deleted_with_their_call(database: Database, tmp_path: Path) -> None:
    keep(database, story(heard("公鸡", "unknown")))
    assert purge_calls(database, tmp_path, BEGAN + timedelta(days=2)) == 1
    with database.begin() as connection:
        assert not list(connection.execute(UTTERANCES.select()))
