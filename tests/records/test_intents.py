"""Utterances are kept, and call records of earlier versions without utterances are still read."""

from dataclasses import replace

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.queries import calls, to_json
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLS
from tests.records.written_call import CALLER, WrittenCall

HEARD = SpeechHeard("main", "着火了", 0.98, "whisper-base", 213, SpeechDecision.EMERGENCY, "119", "119 火警")
NEW = {"intent_text", "intent_decision", "intent_target", "confidence", "recognizer", "heard_ms"}
LATER = {
    "answer_article",
    "answer_title",
    "answer_s",
    "answer_end",
    "recording",
    "recording_paused",
    "rating",
    "first_offer_at",
    "held",
    "phones_lost",
    "pulled_by",
}


def test_a_decision_comes_back_from_the_database_unchanged(database: Database) -> None:
    record = WrittenCall().notes(HEARD).hangs_up(CALLER).ends().record()
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record)])
    [stored] = calls(database)
    assert stored == replace(record, utterances=())  # another table's
    assert {
        "intent_text": "着火了",
        "intent_decision": "emergency",
        "intent_target": "119",
        "confidence": 0.98,
        "recognizer": "whisper-base",
        "heard_ms": 213,
    }.items() <= to_json(stored).items()


def test_call_records_of_the_version_before_are_kept_as_calls_without_speech(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", "ivr.records.store:migrations")
    with database._engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "r0001")
    row = to_row(CALL_FIELDS, WrittenCall().hangs_up(CALLER).ends().record())
    old = {name: value for name, value in row.items() if name not in NEW | LATER}
    columns = ", ".join(old)
    with database.begin() as connection:
        values = ", ".join(f":{name}" for name in old)
        connection.execute(text(f"INSERT INTO calls ({columns}) VALUES ({values})"), old | {"fallbacks": "[]"})
    database.migrate()
    [stored] = calls(database)
    assert stored.intent_text is None
    database.close()
