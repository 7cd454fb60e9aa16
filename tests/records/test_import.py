"""Equal calls give equal records, however Asterisk's files grow, move or break, and whichever process dies."""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import Outcome
from ivr.records.ingest import importer
from ivr.records.ingest.importer import Importer
from ivr.records.store.database import Database
from ivr.records.store.queries import calls
from ivr.records.store.schema import RAW_EVENTS
from tests.records.conftest import copy_of_migrated, migrated, opened
from tests.records.recorded import LOGS, NAMES, SEATS, Logs, logs


def written(ending: str) -> bytes:
    """Return all lines that Asterisk wrote into files of an ending, those of the killed Asterisk last."""
    names = sorted(NAMES, key=lambda name: (name == "asterisk_killed", name))
    return b"".join((LOGS / f"{name}.{ending}").read_bytes() for name in names)


CEL, QUEUE_LOG = written("cel.csv"), written("queue_log")


@pytest.fixture(scope="module")
def expected() -> list[CallRecord]:
    """Return the records after one import of all lines."""
    folder = Path(tempfile.mkdtemp())
    try:
        with migrated(f"sqlite:///{folder}/calls.sqlite3") as database:
            return all_of(logs(folder, database))
    finally:
        shutil.rmtree(folder)


def all_of(recorded: Logs) -> list[CallRecord]:
    recorded.cel.write_bytes(CEL)
    recorded.queue_log.write_bytes(QUEUE_LOG)
    recorded.importer.import_new()
    return calls(recorded.importer._database)


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_importing_twice_changes_nothing(database: Database, tmp_path: Path, expected: list[CallRecord]) -> None:
    recorded = logs(tmp_path, database)
    assert all_of(recorded) == expected
    again = recorded.importer.import_new()
    assert (again.lines, again.calls, again.problems) == (0, set(), [])
    assert calls(database) == expected


def test_an_import_of_a_copy_of_the_files_changes_nothing(
    database: Database, tmp_path: Path, expected: list[CallRecord]
) -> None:
    all_of(logs(tmp_path, database))
    (tmp_path / "copy").mkdir()
    assert all_of(logs(tmp_path / "copy", database)) == expected


def pieces(data: bytes) -> st.SearchStrategy[list[bytes]]:
    """Cut bytes anywhere, even within lines and within characters."""
    cuts = st.lists(st.integers(0, len(data)), max_size=6).map(sorted)
    return cuts.map(lambda at: [data[a:b] for a, b in zip([0, *at], [*at, len(data)], strict=True)])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cel=pieces(CEL), queue=pieces(QUEUE_LOG), seed=st.integers())
def test_the_records_are_the_same_in_whatever_pieces_the_files_grow(
    cel: list[bytes], queue: list[bytes], seed: int, expected: list[CallRecord]
) -> None:
    mixed = random.Random(seed)
    folder = Path(tempfile.mkdtemp())
    try:
        with opened(copy_of_migrated(folder)) as database:
            recorded = logs(folder, database)
            while cel or queue:
                chosen, path = mixed.choice([(cel, recorded.cel), (queue, recorded.queue_log)])
                if chosen:
                    append(path, chosen.pop(0))
                    recorded.importer.import_new()
            lines = CEL.splitlines(keepends=True)
            append(recorded.cel, b"".join(mixed.sample(lines, 20)))  # earlier lines
            recorded.importer.import_new()
            assert calls(database) == expected
    finally:
        shutil.rmtree(folder)


def test_after_each_line_the_call_has_a_record(database: Database, tmp_path: Path) -> None:
    """The record after the last line is the expected record."""
    recorded = logs(tmp_path, database)
    states = []
    for line in (LOGS / "expert_silent_agent_and_center.cel.csv").read_bytes().splitlines(keepends=True):
        append(recorded.cel, line)
        recorded.importer.import_new()
        [call] = calls(database)
        states.append((call.outcome, len(call.legs), call.seat))
    assert states[0] == (Outcome.IN_PROGRESS, 0, None)
    assert (Outcome.IN_PROGRESS, 3, "8001") in states
    assert states[-1] == (Outcome.ANSWERED, 3, "8001")


def test_an_incomplete_line_is_imported_once_it_is_complete(sqlite: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, sqlite)
    whole = (LOGS / "expert_answers.cel.csv").read_bytes()
    append(recorded.cel, whole[:-1])
    first = recorded.importer.import_new()
    assert (first.bad_lines, calls(sqlite)[0].outcome) == (0, Outcome.IN_PROGRESS)
    append(recorded.cel, whole[-1:])
    assert recorded.importer.import_new().lines == 1
    assert calls(sqlite)[0].outcome is Outcome.ANSWERED


def rotate(path: Path, to: str) -> None:
    path.rename(path.with_name(path.name + to))


def test_rotation_loses_no_line(database: Database, tmp_path: Path, expected: list[CallRecord]) -> None:
    """Between two imports the files are rotated twice, and lines come before, between and after the rotations."""
    recorded = logs(tmp_path, database)
    lines = CEL.splitlines(keepends=True)
    recorded.queue_log.write_bytes(QUEUE_LOG)
    append(recorded.cel, b"".join(lines[:100]))
    recorded.importer.import_new()
    append(recorded.cel, b"".join(lines[100:150]))
    rotate(recorded.cel, ".2")
    append(recorded.cel, b"".join(lines[150:250]))
    rotate(recorded.cel, ".1")
    append(recorded.cel, b"".join(lines[250:]))
    result = recorded.importer.import_new()
    assert calls(database) == expected
    assert not any("may be lost" in problem for problem in result.problems)
    assert recorded.importer.import_new().lines == 0


def test_an_empty_file_after_rotation_loses_no_line(
    sqlite: Database, tmp_path: Path, expected: list[CallRecord]
) -> None:
    recorded = logs(tmp_path, sqlite)
    recorded.queue_log.write_bytes(QUEUE_LOG)
    append(recorded.cel, CEL[:5000])
    recorded.importer.import_new()
    rotate(recorded.cel, "-20260101")
    recorded.cel.touch()
    recorded.importer.import_new()
    append(tmp_path / "cel.csv-20260101", CEL[5000:])  # Asterisk still had the old file open
    recorded.importer.import_new()
    assert calls(sqlite) == expected


def test_copying_and_truncating_loses_no_line(sqlite: Database, tmp_path: Path, expected: list[CallRecord]) -> None:
    recorded = logs(tmp_path, sqlite)
    lines = CEL.splitlines(keepends=True)
    recorded.queue_log.write_bytes(QUEUE_LOG)
    append(recorded.cel, b"".join(lines[:100]))
    recorded.importer.import_new()
    append(recorded.cel, b"".join(lines[100:120]))
    shutil.copy(recorded.cel, tmp_path / "cel.csv.1")
    recorded.cel.write_bytes(b"".join(lines[120:]))
    result = recorded.importer.import_new()
    assert calls(sqlite) == expected
    assert not any("may be lost" in problem for problem in result.problems)


@pytest.mark.parametrize("rest", [b"", CEL])
def test_a_missing_file_is_reported(rest: bytes, sqlite: Database, tmp_path: Path, expected: list[CallRecord]) -> None:
    recorded = logs(tmp_path, sqlite)
    all_of(recorded)
    first = (LOGS / "expert_answers.cel.csv").read_bytes()
    recorded.cel.write_bytes(first + rest)
    [problem, *_] = recorded.importer.import_new().problems
    assert "cel.csv is not the file that was read before" in problem
    assert calls(sqlite) == expected


def test_without_files_the_import_does_nothing(database: Database, tmp_path: Path) -> None:
    assert logs(tmp_path, database).importer.import_new().lines == 0
    assert calls(database) == []


@pytest.mark.parametrize(
    "bad",
    [
        b"\0\0\0\0\n",
        b"\xff\xfe\n",
        b"x" * 100_000 + b"\n",
        b'"USER_DEFINED","1.000000","IVR_KEY","{""extra"":""menu=%00""}","c","PJSIP/x-1","u","l","s","1"\n',
        b'"USER_DEFINED","1.000000","IVR_KEY","{""extra"":""menu=\\ud800&key=1&topic=""}","c","PJSIP/x-1","u","l","s","1"\n',
    ],
)
def test_a_bad_line_is_kept_counted_and_reported_and_does_not_stop_the_import(
    bad: bytes, database: Database, tmp_path: Path
) -> None:
    recorded = logs(tmp_path, database)
    append(recorded.cel, bad)
    recorded.write("expert_answers")
    result = recorded.importer.import_new()
    assert result.bad_lines == 1
    [problem] = result.problems
    assert "cel.csv: lines kept but not understood: 1; the first:" in problem
    assert "hotline-1795370073.0" in [call.call_id for call in calls(database)]
    with database.begin() as connection:
        assert connection.scalar(select(func.count()).where(RAW_EVENTS.c.problem.is_not(None))) == 1


KILLED = """
import os, sys
from pathlib import Path
from ivr.records.ingest import importer
from ivr.records.store.database import Database
url, cel, queue_log, after = sys.argv[1:]
rebuild, count = importer.rebuild, 0
def rebuild_or_die(*arguments, **named):
    global count
    rebuild(*arguments, **named)
    count += 1
    if count == int(after):
        os.kill(os.getpid(), 9)
importer.PIECE, importer.rebuild = 100, rebuild_or_die
importer.Importer(Database(url), Path(cel), Path(queue_log), {}).import_new()
"""


def test_an_import_that_was_killed_goes_on_where_it_ended(
    database: Database, migrated_url: str, tmp_path: Path, expected: list[CallRecord]
) -> None:
    (tmp_path / "cel.csv").write_bytes(CEL)
    (tmp_path / "queue_log").write_bytes(QUEUE_LOG)
    for after in (1, 2, 3):
        command: list[str | Path] = [
            sys.executable,
            "-c",
            KILLED,
            migrated_url,
            tmp_path / "cel.csv",
            tmp_path / "queue_log",
            str(after),
        ]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    logs(tmp_path, database).importer.import_new()
    assert calls(database) == expected
    with database.begin() as connection:
        stored = connection.scalar(select(func.count()).select_from(RAW_EVENTS))
    assert stored == len({*CEL.splitlines()}) + len({*QUEUE_LOG.splitlines()})


def test_two_simultaneous_importers_import_every_line_once(
    database: Database, migrated_url: str, tmp_path: Path, expected: list[CallRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "PIECE", 20)
    (tmp_path / "cel.csv").write_bytes(CEL)
    queue_log = tmp_path / "queue_log"
    with migrated(migrated_url) as other_database:
        results = []
        threads = [
            threading.Thread(
                target=lambda importer: results.append(importer.import_new()),
                args=[Importer(database_of_importer, tmp_path / "cel.csv", queue_log, SEATS)],
            )
            for database_of_importer in (database, other_database)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(result.lines for result in results) == CEL.count(b"\n")
    queue_log.write_bytes(QUEUE_LOG)
    logs(tmp_path, database).importer.import_new()
    assert calls(database) == expected


def test_calls_in_progress_end_if_asterisk_restarts(database: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, database)
    append(recorded.cel, (LOGS / "asterisk_killed.cel.csv").read_bytes())
    recorded.importer.import_new()
    assert [call.outcome for call in calls(database)] == [Outcome.IN_PROGRESS]
    append(recorded.queue_log, (LOGS / "asterisk_killed.queue_log").read_bytes())
    recorded.importer.import_new()
    assert [call.outcome for call in calls(database)] == [Outcome.ANSWERED]


def of_node(node: str, data: bytes) -> bytes:
    """Return the lines of a node's Asterisk, with the node's name before each call id."""
    return data.replace(b"hotline-1", node.encode() + b"-1")


def test_with_two_nodes_a_start_of_asterisk_ends_the_calls_of_its_node_only(database: Database, tmp_path: Path) -> None:
    nodes = {}
    for node in ("east", "west-2"):
        (tmp_path / node).mkdir()
        (tmp_path / node / "cel.csv").write_bytes(of_node(node, (LOGS / "asterisk_killed.cel.csv").read_bytes()))
        files = (tmp_path / node / "cel.csv", tmp_path / node / "queue_log")
        nodes[node] = Importer(database, *files, SEATS, node)
        nodes[node].import_new()

    def starts(node: str) -> dict[str, Outcome]:
        written = of_node(node, (LOGS / "asterisk_killed.queue_log").read_bytes())
        (tmp_path / node / "queue_log").write_bytes(written)
        for node_importer in nodes.values():
            node_importer.import_new()
        return {call.call_id.rpartition("-")[0]: call.outcome for call in calls(database)}

    assert starts("east") == {"east": Outcome.ANSWERED, "west-2": Outcome.IN_PROGRESS}
    assert starts("west-2") == {"east": Outcome.ANSWERED, "west-2": Outcome.ANSWERED}


def test_calls_of_a_lost_node_end_and_are_corrected_if_the_node_comes_back(sqlite: Database, tmp_path: Path) -> None:
    written = of_node("east", (LOGS / "asterisk_killed.cel.csv").read_bytes())
    (tmp_path / "cel.csv").write_bytes(written)
    lost_node = Importer(sqlite, tmp_path / "cel.csv", tmp_path / "queue_log", SEATS, "east")
    lost_node.import_new()
    other_node = Importer(sqlite, tmp_path / "none.csv", tmp_path / "none", SEATS, "west")
    last_line = written.splitlines()[-1].split(b'"')
    last_event_at = datetime.fromtimestamp(float(last_line[3]), UTC)
    assert len(other_node.close_calls_of("east", last_event_at + timedelta(seconds=6))) == 1
    assert [(call.outcome, call.ended_at) for call in calls(sqlite)] == [(Outcome.ANSWERED, last_event_at)]
    assert other_node.close_calls_of("east", last_event_at + timedelta(seconds=12)) == set(), (
        "the calls of the lost node have ended"
    )
    last_line[1], last_line[3] = b"LINKEDID_END", b"%.6f" % (float(last_line[3]) + 60)
    append(tmp_path / "cel.csv", b'"'.join(last_line) + b"\n")
    lost_node.import_new()
    assert [(call.outcome, call.ended_at) for call in calls(sqlite)] == [
        (Outcome.ANSWERED, last_event_at + timedelta(seconds=60))
    ], "the call went on while the node was cut off"


def test_a_call_is_over_even_if_asterisk_restarted_within_a_second(sqlite: Database, tmp_path: Path) -> None:
    recorded = logs(tmp_path, sqlite)
    lines = (LOGS / "asterisk_killed.cel.csv").read_bytes()
    append(recorded.cel, lines)
    last = lines.splitlines()[-1].split(b'"')[3].partition(b".")[0]
    append(recorded.queue_log, last + b"|NONE|NONE|NONE|QUEUESTART|\n")
    recorded.importer.import_new()
    assert [call.outcome for call in calls(sqlite)] == [Outcome.ANSWERED]
