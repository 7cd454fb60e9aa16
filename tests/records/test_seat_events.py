"""Sign-ins, pauses and holds of seats are stored once, even if lines are read again; an earlier state is found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from ivr.records.derive.seat_events import SeatEvent, SeatEventKind
from ivr.records.purge.expired_calls import purge_lines
from ivr.records.store.database import Database
from ivr.records.store.schema import IMPORT_STATE, SEAT_EVENTS
from ivr.records.store.seat_rows import seat_events, seat_talks
from tests.records.recorded import logs
from tests.records.test_migrations import take_back

DAY = datetime(2026, 11, 23, tzinfo=UTC)
LINES = f"""\
{DAY.timestamp() + 3600:.0f}|NONE|NONE|NONE|QUEUESTART|
{DAY.timestamp() + 3600:.0f}|seat-1.1|group-general|8001|ADDMEMBER|
{DAY.timestamp() + 3600:.0f}|seat-1.1|group-enterprise|8001|ADDMEMBER|
{DAY.timestamp() + 7200:.0f}|NONE|group-general|8001|PAUSE|meal
{DAY.timestamp() + 7200:.0f}|NONE|NONE|PJSIP/8001|PAUSEALL|
{DAY.timestamp() + 9000:.0f}|NONE|group-general|8001|UNPAUSE|
{DAY.timestamp() + 9600:.0f}|MANAGER|group-general|8001|REMOVEMEMBER|
"""
HELD = (
    f'"USER_DEFINED","{DAY.timestamp() + 8000:.6f}","IVR_HELD","{{""extra"":""seat=8001&held=1""}}","keys",'
    '"PJSIP/8001-00000001","hotline-1.2","hotline-1.1","*8","8001"\n'
)
IN, OUT = SeatEventKind.SIGNED_IN, SeatEventKind.SIGNED_OUT


def event(seconds: int, kind: SeatEventKind, group: str = "general", reason: str = "") -> SeatEvent:
    return SeatEvent(DAY + timedelta(seconds=seconds), "8001", kind, group, reason)


ALL = {
    event(3600, IN), event(3600, IN, "enterprise"), event(7200, SeatEventKind.BUSY, reason="meal"),
    event(9000, SeatEventKind.READY), event(9600, OUT), event(8000, SeatEventKind.HELD, ""),
}  # fmt: skip


def test_each_line_becomes_one_event_even_if_it_is_read_again(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.queue_log.write_text(LINES, encoding="utf-8")
    recorded.cel.write_text(HELD, encoding="utf-8")
    for _time in range(2):
        result = recorded.importer.import_new()
        assert not result.bad_lines
        stored_events = seat_events(database, DAY, DAY + timedelta(days=1))
        assert (set(stored_events), len(stored_events)) == (ALL, len(ALL))
        with database.begin() as connection:
            connection.execute(delete(IMPORT_STATE))  # all lines are read again


def test_the_state_at_a_time_is_found_without_the_earlier_events(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.queue_log.write_text(LINES, encoding="utf-8")
    recorded.importer.import_new()
    stored_events = seat_events(database, DAY + timedelta(seconds=9200), DAY + timedelta(days=1))
    assert stored_events == [
        event(3600, IN), event(3600, IN, "enterprise"), event(9000, SeatEventKind.READY), event(9600, OUT),
    ]  # fmt: skip


def test_an_earlier_database_gets_the_events_of_its_lines(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.queue_log.write_text(LINES, encoding="utf-8")
    recorded.importer.import_new()
    derived = seat_events(database, DAY, DAY + timedelta(days=1))
    take_back(database, "r0017")
    database.migrate()
    assert seat_events(database, DAY, DAY + timedelta(days=1)) == derived
    with database.begin() as connection:
        connection.execute(delete(IMPORT_STATE))
    recorded.importer.import_new()
    assert seat_events(database, DAY, DAY + timedelta(days=1)) == derived


def test_seat_events_are_deleted_with_their_lines(sqlite: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, sqlite)
    recorded.queue_log.write_text(LINES, encoding="utf-8")
    recorded.importer.import_new()
    purge_lines(sqlite, DAY + timedelta(days=3))
    with sqlite.begin() as connection:
        assert connection.execute(SEAT_EVENTS.select()).all() == []


def test_talks_of_seats_are_read_from_recorded_calls(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    recorded.write("consult_and_back")
    recorded.write("expert_answers")
    recorded.importer.import_new()
    talks = seat_talks(database, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert [(talk.seat, talk.group, talk.is_callback) for talk in talks] == [
        ("8348", "expert-12348", False), ("8001", "general", False),
    ]  # fmt: skip
    assert all(talk.end and talk.end > talk.begin for talk in talks)
