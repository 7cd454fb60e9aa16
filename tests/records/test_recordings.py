"""The record names its recording; an expired recording is deleted, and its record stays."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import CallEvent, OfferStarted, RecordingPaused, RecordingStarted
from ivr.records.purge.expired_recordings import delete_recordings, missing_recordings
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.queries import calls, to_json
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLS, HANDED_OVER
from tests.records.written_call import BEGAN, CALLER, WrittenCall

AGENT = "PJSIP/8001-00000001"
BEGUN = (RecordingStarted("R1.wav"), OfferStarted(SeatKind.GENERAL, "general"))


def talk(*paused: tuple[float, CallEvent], answered: bool = True) -> WrittenCall:
    """Return a call whose agent answers after 5 s, with these call events at these intervals in seconds."""
    story = WrittenCall()
    for begun in BEGUN:
        story.notes(begun)
    story.rings(AGENT).wait(5)
    if answered:
        story.picks_up(AGENT)
    for seconds, note in paused:
        story.wait(seconds).notes(note, AGENT)
    return story.wait(10).hangs_up(AGENT, by=CALLER).hangs_up(CALLER).ends()


def test_pauses_are_given_in_seconds_of_the_recording() -> None:
    paused = [(3.0, RecordingPaused(True)), (4.0, RecordingPaused(False)), (2.0, RecordingPaused(True))]
    record = talk(*paused).record()
    assert (record.recording, record.recording_paused) == ("R1.wav", ((3.0, 7.0), (9.0, 19.0)))


def test_an_end_of_a_pause_without_its_begin_is_no_pause() -> None:
    record = talk((3.0, RecordingPaused(False))).record()
    assert (record.recording, record.recording_paused) == ("R1.wav", ())


def test_a_call_without_an_answer_has_no_recording() -> None:
    assert talk(answered=False).record().recording is None


def test_after_the_deletion_of_a_recording_the_record_says_that_it_existed(database: Database, tmp_path: Path) -> None:
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, talk((1.0, RecordingPaused(True))).record())])
    now = datetime.now(UTC)
    names = ("R1.wav", "R2.wav", "R3.wav")  # R2 and R3 belong to no known call
    for name, age in zip(names, (0, 0, 100), strict=True):
        (tmp_path / name).write_bytes(b"RIFF")
        os.utime(tmp_path / name, (then := (now - timedelta(days=age)).timestamp(), then))
    assert delete_recordings(database, tmp_path, BEGAN, now) == 0, "the call ended after that time"
    assert delete_recordings(database, tmp_path, now - timedelta(days=90), now) == 2
    assert [path.name for path in tmp_path.glob("R*")] == ["R2.wav"]
    [record] = calls(database)
    assert (record.recording, record.recording_paused) == ("R1.wav", ((1.0, 11.0),))
    assert record.recording_deleted_at == now
    assert to_json(record)["recording"] == "R1.wav"
    assert to_json(record)["recording_deleted_at"] == now.isoformat(timespec="milliseconds")
    assert delete_recordings(database, tmp_path, now - timedelta(days=90), now + timedelta(1)) == 0
    assert calls(database) == [record], "the file is deleted only once"


def test_a_recording_that_could_not_be_written_is_reported(database: Database, tmp_path: Path) -> None:
    record = talk().record()
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record)])
    assert record.ended_at
    span = (record.ended_at - timedelta(minutes=1), record.ended_at + timedelta(minutes=1))
    assert missing_recordings(database, tmp_path, *span) == [record.call_id]
    assert missing_recordings(database, tmp_path, span[1], span[1] + timedelta(1)) == []
    (tmp_path / "R1.wav").touch()
    assert missing_recordings(database, tmp_path, *span) == []


def test_a_node_of_a_cluster_reports_only_its_own_missing_recordings(database: Database, tmp_path: Path) -> None:
    record = talk().record()
    ids = {"stayed": "east-1.1", "handed": "east-1.2", "twice": "east-1.3", "other": "west-1.1"}
    rows = [to_row(CALL_FIELDS, replace(record, call_id=call, recording=f"R{call}.wav")) for call in ids.values()]
    legs = {"west-1.2": ids["handed"], "west-1.3": ids["twice"], "north-1.3": ids["twice"]}
    with database.begin() as connection:
        insert(connection, CALLS, rows)
        insert(connection, HANDED_OVER, [{"leg": leg, "call_id": call} for leg, call in legs.items()])
    assert record.ended_at
    span = (record.ended_at - timedelta(minutes=1), record.ended_at + timedelta(minutes=1))
    assert missing_recordings(database, tmp_path, *span, "east") == [ids["stayed"]]
    assert sorted(missing_recordings(database, tmp_path, *span, "west")) == [ids["handed"], ids["other"]]
