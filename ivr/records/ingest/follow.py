"""Follows a log file that Asterisk writes: complete lines only, through rotation, truncation and replacement."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, takewhile
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

_MARK_BYTES = 256  # bytes before the offset from which the mark is made


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file was read. The mark identifies the file, even if it was renamed."""

    offset: int = 0  # bytes
    mark: str = ""  # digest of the bytes before the offset


@dataclass(frozen=True, slots=True)
class Piece:
    """The next lines of a file, without their line ends, and the position after them."""

    lines: tuple[bytes, ...]
    position: Position
    lost: bool  # the file read before is missing, perhaps with lines that were never read
    is_last: bool  # the file had no further line when the piece was read, and is not rotated


def position_at_end(path: Path) -> Position:
    """Return the position behind the last byte of a file; for an empty file, the end of the rotated file before it.

    Raises:
        OSError: A file exists but cannot be read.
    """
    for file_path in [path, *reversed(rotated_files(path))]:
        try:
            with file_path.open("rb") as file:
                if size := file.seek(0, SEEK_END):
                    return Position(size, _mark(file, size))
        except FileNotFoundError:
            continue
    return Position()


def position_near_end(path: Path, size: int) -> Position:
    """Return the position of a line that begins at most ``size`` bytes before the end of a file; its begin if shorter.

    Raises:
        OSError: The file exists but cannot be read.
    """
    try:
        with path.open("rb") as file:
            end = file.seek(0, SEEK_END)
            if end <= size:
                return Position()
            file.seek(end - size)
            file.readline()
            offset = file.tell()
            return Position(offset, _mark(file, offset))
    except FileNotFoundError:
        return Position()


def read_new_lines(path: Path, position: Position, limit: int) -> Piece | None:
    """Return up to ``limit`` complete lines after ``position``, or None if there are no new lines.

    A last line without a line end is left for the next time, because Asterisk is still writing it. If the file was
    rotated (``queue_log.1``, ``cel.csv-20260101``), the old file is read to its end first. If no file continues what
    was read before, all files are read again; the caller has to recognise the lines.

    Raises:
        OSError: The file exists but cannot be read.
    """
    if position.offset and _continues(path, position):
        return _read(path, position.offset, limit, lost=False, is_rotated=False)
    files = [*rotated_files(path), path]
    current = _file_of_position(files, position)
    lost = position.offset > 0 and current is None
    unread_files = files if current is None else files[files.index(current) :]
    searched_files: list[tuple[Path, int]] = []  # files without new lines, and the offset searched from
    for file in unread_files:
        offset = position.offset if file == current else 0
        if piece := _read(file, offset, limit, lost=lost, is_rotated=file != path):
            # Asterisk may have written into the earlier file after it was searched and before it began the next file.
            late_pieces = (
                _read(earlier, earlier_offset, limit, lost=lost, is_rotated=True)
                for earlier, earlier_offset in searched_files
            )
            return next(filter(None, late_pieces), piece)
        searched_files.append((file, offset))
    return None


def rotated_files_read(path: Path, position: Position) -> list[Path]:
    """Return the rotated files of ``path`` that were read to their end, oldest first; never the file of ``position``.

    Raises:
        OSError: A file exists but cannot be read.
    """
    files = [*rotated_files(path), path]
    current = _file_of_position(files, position)
    return [] if current is None else files[: files.index(current)]


def _file_of_position(files: Sequence[Path], position: Position) -> Path | None:
    """Return the newest file that has the text before ``position``, or None."""
    return next((file for file in reversed(files) if position.offset and _continues(file, position)), None)


def rotated_files(path: Path) -> list[Path]:
    """Return the rotated files of ``path``, oldest first; compressed files are left out."""
    name = re.compile(re.escape(path.name) + r"[.-]\d[\d.-]*")
    files = [file for file in path.parent.glob(f"{path.name}?*") if name.fullmatch(file.name)]
    return sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name))


def _continues(path: Path, position: Position) -> bool:
    try:
        with path.open("rb") as file:
            return _mark(file, position.offset) == position.mark
    except FileNotFoundError:
        return False


def _read(path: Path, offset: int, limit: int, *, lost: bool, is_rotated: bool) -> Piece | None:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            lines = tuple(_complete_lines(file, limit))
            offset += sum(map(len, lines))
            if not lines:
                return None
            after, is_last = Position(offset, _mark(file, offset)), not is_rotated and len(lines) < limit
            return Piece(tuple(line.rstrip(b"\r\n") for line in lines), after, lost, is_last)
    except FileNotFoundError:
        return None


def _complete_lines(file: BinaryIO, limit: int) -> Iterator[bytes]:
    return takewhile(lambda line: line.endswith(b"\n"), islice(file, limit))


def _mark(file: BinaryIO, offset: int) -> str:
    """Return the digest of the bytes before ``offset``; a different digest if the file is shorter than that."""
    begin = max(offset - _MARK_BYTES, 0)
    file.seek(begin)
    return blake2b(file.read(offset - begin), digest_size=16).hexdigest()
