"""After the retention period nothing of a call is left in tables, folders of sounds and Asterisk's files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ivr.records.derive.record_parts import WorkOrder
from ivr.records.purge import expired_calls
from ivr.records.purge.expired_calls import LONGEST, purge_calls, purge_lines
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.queries import calls
from ivr.records.store.schema import CALLBACK_ATTEMPTS, DELETED_RECORDINGS, METADATA, OUTBOX
from tests.records.conftest import migrated
from tests.records.recorded import LOGS, Logs, logs

CALLED = datetime.fromtimestamp(1795370073, UTC)  # the calls of this log begin within the next three minutes
LATER = CALLED + timedelta(minutes=5)
ORDERED = "center_busy_then_message"  # a call that became a work order
CALLER = "13800000001"


@pytest.fixture
def recorded(database: Database, tmp_path: Path) -> Logs:
    """Import a call that left a message, and an agent's sign-in."""
    recorded = logs(tmp_path, database)
    for name in (ORDERED, "feature_code"):
        recorded.write(name)
    recorded.importer.import_new()
    return recorded


def purge_all(database: Database, messages: Path, cutoff: datetime) -> int:
    count = 0
    while piece := purge_calls(database, messages, cutoff) + purge_lines(database, cutoff):
        count += piece
    return count


def work_orders(database: Database) -> list[WorkOrder]:
    return [order for call in calls(database) for order in call.work_orders]


def rows(database: Database) -> dict[str, int]:
    """Return the number of rows of each table that is not empty."""
    with database.begin() as connection:
        counts = {
            name: connection.scalar(select(func.count()).select_from(table)) for name, table in METADATA.tables.items()
        }
    return {name: count for name, count in counts.items() if count}


def test_nothing_of_a_call_is_left_in_any_table_or_folder(recorded: Logs, database: Database, tmp_path: Path) -> None:
    [order] = work_orders(database)
    [call] = calls(database)
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / order.recording).write_bytes(b"RIFF")
    with database.begin() as connection:
        event = {
            "event": "e",
            "call_id": call.call_id,
            "body": CALLER,
            "made_at": CALLED,
            "next_at": CALLED,
            "tries": 0,
        }
        insert(connection, OUTBOX, [event])
    assert purge_all(database, tmp_path / "messages", CALLED) == 0, "its retention period is not over"
    assert calls(database) == [call]
    assert purge_all(database, tmp_path / "messages", LATER + LONGEST) > 0
    assert set(rows(database)) <= {"import_state", "asterisk_starts"}
    assert not [*(tmp_path / "messages").iterdir()]
    assert purge_all(database, tmp_path / "messages", LATER + LONGEST) == 0


def test_a_purge_deletes_a_callback_attempt_with_its_recording(database: Database, tmp_path: Path) -> None:
    attempt = {
        "call_id": "2.0",
        "missed_call": "1.0",
        "number": CALLER,
        "seat": "8001",
        "result": "answered",
        "seconds": 3.0,
    }
    times = {"started_at": CALLED, "answered_at": CALLED, "ended_at": LATER, "recording": "R2.wav"}
    with database.begin() as connection:
        insert(connection, CALLBACK_ATTEMPTS, [{**attempt, **times}])
        insert(connection, DELETED_RECORDINGS, [{"recording": "R2.wav", "deleted_at": LATER}])
    assert purge_all(database, tmp_path, CALLED + timedelta(minutes=1)) == 0, "the attempt ended after that time"
    assert purge_all(database, tmp_path, LATER + timedelta(minutes=1)) == 1
    assert rows(database) == {}


def test_a_purge_leaves_younger_calls(recorded: Logs, database: Database, tmp_path: Path) -> None:
    recorded.write("expert_answers")
    recorded.importer.import_new()
    stored_calls = {call.call_id: call for call in calls(database)}
    first, second = sorted(stored_calls.values(), key=lambda call: call.started_at)
    assert first.ended_at
    assert purge_calls(database, tmp_path, first.ended_at + timedelta(milliseconds=1)) == 1
    assert calls(database) == [second]


def test_a_call_without_a_logged_end_is_deleted_too(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.cel.write_bytes((LOGS / "asterisk_killed.cel.csv").read_bytes())
    recorded.importer.import_new()
    assert purge_calls(database, tmp_path, LATER) == 0, "the call may still be in progress"
    assert purge_calls(database, tmp_path, LATER + LONGEST) == 1


def test_a_purge_deletes_in_pieces(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expired_calls, "_PIECE", 1)
    recorded = logs(tmp_path, database)
    recorded.write("two_calls_at_once")
    recorded.importer.import_new()
    assert [purge_calls(database, tmp_path, LATER + LONGEST) for _piece in range(3)] == [1, 1, 0]


def test_a_message_that_cannot_be_deleted_keeps_its_record(recorded: Logs, database: Database, tmp_path: Path) -> None:
    [order] = work_orders(database)
    (tmp_path / "messages" / order.recording).mkdir(parents=True)  # cannot be unlinked
    with pytest.raises(OSError, match="directory"):
        purge_calls(database, tmp_path / "messages", LATER)
    assert work_orders(database) == [order]


def test_expired_calls_of_old_log_files_are_purged_again(recorded: Logs, database: Database, tmp_path: Path) -> None:
    """An empty database is filled from the files; expired calls are deleted at the next purge for good."""
    with migrated(f"sqlite:///{tmp_path}/other.sqlite3") as empty_database:
        logs_again = logs(tmp_path, empty_database)
        logs_again.importer.import_new()
        assert len(calls(empty_database)) == 1
        purge_all(empty_database, tmp_path, LATER + LONGEST)
        logs_again.importer.import_new()
        assert calls(empty_database) == []


def test_no_byte_of_a_number_is_left_in_the_database_file(sqlite: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, sqlite)
    recorded.write(ORDERED)
    recorded.importer.import_new()
    [call] = calls(sqlite)
    files = [tmp_path / f"calls.sqlite3{ending}" for ending in ("", "-wal")]
    assert any(call.caller.encode() in file.read_bytes() for file in files)
    purge_all(sqlite, tmp_path, LATER + LONGEST)
    sqlite.close()  # the write-ahead log is written into the file
    assert not any(call.caller.encode() in file.read_bytes() for file in files if file.exists())
