"""A migration fills its new column in the rows of earlier versions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from ivr.orders.directory_reader import load_directory
from ivr.orders.order_clock import HOTLINE
from ivr.orders.order_rates import rated_part
from ivr.orders.store.order_search import dispatched_between
from ivr.records.derive.record_parts import CallbackAttempt, LegResult, Utterance
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.queries import calls
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLBACK_ATTEMPT_FIELDS, CALLBACK_ATTEMPTS, CALLS, RAW_EVENTS
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.shipped import NUMBERS, ORDERS, RECORDINGS
from tests.orders.order_story import OrderStory
from tests.records.recorded import logs
from tests.records.written_call import CALLER, WrittenCall

ADDED = {  # the statements that undo each migration, the newest first
    "r0036": ["ALTER TABLE calls DROP COLUMN phones_lost"],
    "r0035": ["DROP TABLE node_requests"],
    "r0034": [
        *(f"DROP TABLE {table}" for table in ("cluster_homes", "cluster_members", "handed_over")),
        "ALTER TABLE cluster_nodes DROP COLUMN status",
    ],
    "r0033": ["DROP INDEX ix_orders_rated", "ALTER TABLE orders DROP COLUMN rated"],
    "r0032": ["ALTER TABLE call_notes DROP COLUMN checked"],
    "r0031": ["DROP TABLE article_term_counts", "DROP INDEX ix_articles_begin"],
    "r0030": [
        f"DROP TABLE {table}"
        for table in ("cluster_nodes", "cluster_registries", "cluster_votes", "cluster_files", "wrong_pins")
    ],
    "r0029": [
        "DROP TABLE order_pairs",
        "DROP INDEX ix_orders_enterprise",
        "ALTER TABLE orders DROP COLUMN enterprise",
        "ALTER TABLE orders DROP COLUMN struck_off",
    ],
    "r0028": [
        f"ALTER TABLE calls DROP COLUMN {name}" for name in ("answer_article", "answer_title", "answer_s", "answer_end")
    ],
    "r0027": ["DROP TABLE alarm_sightings"],
    "r0026": [
        "DROP INDEX ix_orders_counts",
        "DROP INDEX ix_orders_unit_counts",
        "CREATE INDEX ix_orders_state_due_on ON orders (state, due_on)",
        "CREATE INDEX ix_orders_unit ON orders (unit)",
    ],
    "r0025": ["DROP INDEX ix_articles_released"],
    "r0024": [
        "DROP TABLE callback_claims",
        "DROP TABLE asterisk_starts",
        "CREATE TABLE asterisk_starts (at TIMESTAMP NOT NULL, CONSTRAINT pk_asterisk_starts PRIMARY KEY (at))",
    ],
    "r0023": [
        "ALTER TABLE calls DROP COLUMN held",
        "ALTER TABLE calls DROP COLUMN pulled_by",
        "DROP TABLE sound_quality",
    ],
    "r0022": ["DROP TABLE order_files", "DROP TABLE citizen_requests"],
    "r0021": [f"DROP TABLE {table}" for table in ("alarms", "alarm_messages", "process_starts")],
    "r0020": ["DROP TABLE registry_drafts"],
    "r0019": ["ALTER TABLE people DROP COLUMN unit"],
    "r0018": ["DROP TABLE seat_events"],
    "r0017": [f"DROP TABLE {table}" for table in ("article_terms", "article_events", "articles")],
    "r0016": [f"DROP TABLE {table}" for table in ("platform_messages", "platform_positions", "platform_receipts")],
    "r0015": ["DROP TABLE order_words"],
    "r0014": ["DROP TABLE refusals"],
    "r0013": ["ALTER TABLE callback_attempts DROP COLUMN said"],
    "r0012": ["DROP TABLE order_events", "DROP TABLE orders"],
    "r0011": [
        f"DROP TABLE {table}"
        for table in ("sessions", "people", "failed_sign_ins", "tokens", "audit", "call_notes", "settled_messages")
    ],
    "r0010": ["CREATE TABLE calling_back AS SELECT * FROM callback_attempts", "DROP TABLE callback_attempts"],
    "r0009": ["DROP TABLE utterances"],
    "r0008": ["ALTER TABLE calls DROP COLUMN first_offer_at"],
    "r0007": ["DROP INDEX ix_events_raw_at", "ALTER TABLE events_raw DROP COLUMN at"],
}


def take_back(database: Database, to: str) -> None:
    """Turn a database into a database of an earlier version."""
    with database.begin() as connection:
        for revision, statements in ADDED.items():
            if revision > to:
                for statement in statements:
                    connection.execute(sa.text(statement))
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{to}'"))


def test_earlier_callback_attempts_are_kept(database: Database) -> None:
    at = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
    attempt = CallbackAttempt("1", "missed", "13800000001", "8001", LegResult.ANSWERED, 12.5, at, at, None, "R1.wav")
    with database.begin() as connection:
        insert(connection, CALLBACK_ATTEMPTS, [to_row(CALLBACK_ATTEMPT_FIELDS, attempt)])
        stored = connection.execute(sa.select(CALLBACK_ATTEMPTS)).all()
    take_back(database, "r0009")
    database.migrate()
    with database.begin() as connection:
        assert connection.execute(sa.select(CALLBACK_ATTEMPTS)).all() == stored


def test_earlier_calls_keep_their_last_utterance(database: Database) -> None:
    unknown = SpeechHeard("main", "路灯坏了", 0.42, "whisper-base", 213, SpeechDecision.UNKNOWN, "", "")
    record = WrittenCall().notes(unknown).hangs_up(CALLER).ends().record()
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record)])
    take_back(database, "r0008")
    database.migrate()
    [call] = calls(database)
    assert call.utterances == (Utterance(record.started_at, "main", "路灯坏了", SpeechDecision.UNKNOWN, "", 0.42),)


def test_earlier_calls_get_the_time_of_their_first_offer(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    for name in ("caller_hangs_up_while_center_rings", "expert_answers", "engine_away"):
        recorded.write(name)
    recorded.importer.import_new()
    derived = {call.call_id: call.first_offer_at for call in calls(database)}
    take_back(database, "r0007")
    database.migrate()
    for call in calls(database):
        expected = derived[call.call_id]
        assert expected
        assert call.first_offer_at
        assert abs((call.first_offer_at - expected).total_seconds()) < 1, "queue_log has whole seconds"


def test_earlier_lines_get_their_time(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("two_calls_at_once")
    with recorded.cel.open("ab") as file:
        file.write(b"not a line\n")
    recorded.importer.import_new()
    with database.begin() as connection:
        stored = connection.execute(sa.select(RAW_EVENTS)).all()
    take_back(database, "r0006")
    now = datetime.now(UTC)
    database.migrate()
    with database.begin() as connection:
        migrated = {row.id: row.at for row in connection.execute(sa.select(RAW_EVENTS))}
    for row in stored:
        if row.problem:
            assert abs(migrated[row.id] - now) < timedelta(minutes=1)
        else:
            assert migrated[row.id] == row.at.replace(microsecond=0)


def test_earlier_work_orders_are_in_the_report_of_the_four_rates(database: Database) -> None:
    directory = load_directory(ORDERS.read_text(encoding="utf-8"), "orders.yaml", read(NUMBERS, recorded(RECORDINGS)))
    order = OrderStory(database, directory).approve().order
    take_back(database, "r0032")
    database.migrate()
    with database.begin() as connection:
        [stored] = dispatched_between(connection, order.opened_at, order.changed_at, HOTLINE)
    assert stored == rated_part(order)
