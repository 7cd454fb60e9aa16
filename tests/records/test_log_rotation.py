"""Asterisk's files are rotated without loss of a line. An old file is deleted once it is imported and has expired."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.records.ingest import follow, log_rotation
from ivr.records.ingest.follow import Position, position_at_end, read_new_lines
from ivr.records.store.database import Database
from ivr.records.store.queries import calls
from tests.records.recorded import LOGS, Logs, logs

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def write(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def read_all(path: Path, position: Position) -> tuple[list[bytes], Position]:
    lines: list[bytes] = []
    while piece := read_new_lines(path, position, 2):
        assert not piece.lost
        lines += piece.lines
        position = piece.position
    return lines, position


@pytest.mark.parametrize(
    ("first", "due"),
    [
        (f"{(NOW - 2 * DAY).timestamp():.0f}|NONE|NONE|NONE|QUEUESTART|\n", True),
        (f"{(NOW - DAY / 2).timestamp():.0f}|NONE|NONE|NONE|CONFIGRELOAD|\n", False),
        ("torn\n", True),
        ("", False),
        (None, False),
    ],
)
def test_rotation_is_due_when_asterisk_has_written_for_a_day(first: str | None, due: bool, tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    if first is not None:
        path.write_text(first + f"{NOW.timestamp():.0f}|NONE|NONE|NONE|CONFIGRELOAD|\n" * bool(first), encoding="utf-8")
    assert log_rotation.is_due(path, NOW) is due


def test_every_line_is_read_through_a_year_of_rotations(tmp_path: Path) -> None:
    path, position, read = tmp_path / "queue_log", Position(), []
    for day in range(365):
        write(path, f"{day} morning\n{day} noon\n")
        if day % 3:  # because sometimes no importer reads for days
            lines, position = read_all(path, position)
            read += lines
        write(path, f"{day} evening\n")
        log_rotation.rotate(path, NOW + day * DAY)
    lines, position = read_all(path, position)
    assert [*read, *lines] == [
        f"{day} {part}".encode() for day in range(365) for part in ("morning", "noon", "evening")
    ]
    write(path, "news\n")
    assert read_all(path, position)[0] == [b"news"]


def test_lines_written_into_the_old_file_during_rotation_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asterisk writes a last line into the old file while the reader changes to the new file."""
    path = tmp_path / "cel.csv"
    write(path, "first\n")
    position = read_all(path, Position())[1]
    log_rotation.rotate(path, NOW)
    old = next(tmp_path.glob("cel.csv-*"))
    read, begun = follow._read, False

    def read_and_write(file: Path, offset: int, limit: int, *, lost: bool, is_rotated: bool) -> follow.Piece | None:
        nonlocal begun
        piece = read(file, offset, limit, lost=lost, is_rotated=is_rotated)
        if not begun:
            begun = True
            write(old, "last\n")
            write(path, "new\n")
        return piece

    monkeypatch.setattr(follow, "_read", read_and_write)
    assert read_all(path, position)[0] == [b"last", b"new"]


def test_a_new_reader_reads_no_rotated_file(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, "old\n")
    log_rotation.rotate(path, NOW)
    for _new in range(2):
        position = position_at_end(path)
        assert read_new_lines(path, position, 9) is None
        path.touch()  # Asterisk has opened the new file, and written no line
    write(path, "new\n")
    assert read_all(path, position)[0] == [b"new"]


def test_an_empty_file_is_not_rotated(tmp_path: Path) -> None:
    log_rotation.rotate(tmp_path / "messages", NOW)
    (tmp_path / "messages").touch()
    log_rotation.rotate(tmp_path / "messages", NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["messages"]


@pytest.fixture
def recorded(sqlite: Database, tmp_path: Path) -> Logs:
    recorded = logs(tmp_path, sqlite)
    for day in range(3):
        recorded.write(("expert_answers", "center_answers", "consult_busy")[day])
        log_rotation.rotate(recorded.cel, NOW + day * DAY)
    return recorded


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("cel.csv*"))


def test_a_rotated_file_is_deleted_only_if_it_is_imported_and_expired(
    recorded: Logs, sqlite: Database, tmp_path: Path
) -> None:
    later = NOW + 100 * DAY
    assert log_rotation.delete_imported(sqlite, recorded.cel, later) == 0, "nothing was imported"
    recorded.importer.import_new()
    assert log_rotation.delete_imported(sqlite, recorded.cel, NOW) == 0, "no file has expired"
    assert log_rotation.delete_imported(sqlite, recorded.cel, NOW + DAY / 2) == 1
    assert names(tmp_path) == ["cel.csv-20261124-030000", "cel.csv-20261125-030000"]
    assert log_rotation.delete_imported(sqlite, recorded.cel, later) == 1, "the import has not finished the other file"
    recorded.write("two_calls_at_once")
    result = recorded.importer.import_new()
    assert result.problems == []
    assert log_rotation.delete_imported(sqlite, recorded.cel, later) == 1
    assert names(tmp_path) == ["cel.csv"]
    recorded.cel.open("ab").write((LOGS / "engine_away.cel.csv").read_bytes())
    assert recorded.importer.import_new().problems == []
    assert len(calls(sqlite)) == 6


def test_files_that_an_admin_moved_expire_by_the_date_in_their_name_and_others_by_their_last_change(
    tmp_path: Path,
) -> None:
    for name in (
        "messages",
        "messages-20261122",
        "messages-20261123",
        "messages.1",
        "messages.2",
        "messages-20261122.gz",
    ):
        (tmp_path / name).touch()
    for name, at in (("messages.1", NOW), ("messages.2", NOW - 2 * DAY)):
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    assert log_rotation.delete_rotated(tmp_path / "messages", NOW - DAY / 24) == 2
    names_left = sorted(path.name for path in tmp_path.iterdir())
    assert names_left == ["messages", "messages-20261122.gz", "messages-20261123", "messages.1"]
