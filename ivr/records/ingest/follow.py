"""Reading on in a file that Asterisk writes: whole lines only, through rotation, truncation and replacement."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, takewhile
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

_MARKED = 256  # bytes before the offset that the mark is made of


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file was read. The mark tells the file, whatever it is called by now."""

    offset: int = 0  # bytes
    mark: str = ""  # digest of the bytes before the offset


@dataclass(frozen=True, slots=True)
class Piece:
    """The next lines, without their ends, and the position after them."""

    lines: tuple[bytes, ...]
    position: Position
    lost: bool  # the file that was read so far is gone, perhaps with lines that were never read


def end_of(path: Path) -> Position:
    """Return the position after all that the file holds now, or the one before it where this has just begun.

    Raises:
        OSError: A file is there but cannot be read.
    """
    for one in [path, *reversed(rotated(path))]:
        try:
            with one.open("rb") as file:
                if size := file.seek(0, SEEK_END):
                    return Position(size, _mark(file, size))
        except FileNotFoundError:
            continue
    return Position()


def read_on(path: Path, position: Position, limit: int) -> Piece | None:
    """Return up to ``limit`` whole lines after ``position``, or None where there are no new ones.

    A last line without its end is still being written and is left for the next time. When the file was
    rotated (``queue_log.1``, ``cel.csv-20260101``), the old one is read to its end first. When nothing there
    continues what was read, everything is read again: the reader of the lines must know them again.

    Raises:
        OSError: The file is there but cannot be read.
    """
    if position.offset and _continues(path, position):
        return _read(path, position.offset, limit, lost=False)
    files = [*rotated(path), path]
    begun = _holding(files, position)
    lost = position.offset > 0 and begun is None
    ahead = files if begun is None else files[files.index(begun) :]
    ended: list[tuple[Path, int]] = []  # files in which nothing more was found, and from where on
    for file in ahead:
        offset = position.offset if file == begun else 0
        if piece := _read(file, offset, limit, lost=lost):
            # Asterisk writes on in a file until it begins the next: between our looks it may have written there.
            late = (_read(earlier, after, limit, lost=lost) for earlier, after in ended)
            return next(filter(None, late), piece)
        ended.append((file, offset))
    return None


def read_wholly(path: Path, position: Position) -> list[Path]:
    """Return the files that ``path`` was and that were read to their end, oldest first; never that of ``position``.

    Raises:
        OSError: A file is there but cannot be read.
    """
    files = [*rotated(path), path]
    begun = _holding(files, position)
    return [] if begun is None else files[: files.index(begun)]


def _holding(files: Sequence[Path], position: Position) -> Path | None:
    """Return the newest file that holds what was read before ``position``; None where there is none."""
    return next((file for file in reversed(files) if position.offset and _continues(file, position)), None)


def rotated(path: Path) -> list[Path]:
    """Return the files that ``path`` was before, oldest first; packed ones cannot be read."""
    name = re.compile(re.escape(path.name) + r"[.-]\d[\d.-]*")
    older = [file for file in path.parent.glob(f"{path.name}?*") if name.fullmatch(file.name)]
    return sorted(older, key=lambda file: (file.stat().st_mtime_ns, file.name))


def _continues(path: Path, position: Position) -> bool:
    try:
        with path.open("rb") as file:
            return _mark(file, position.offset) == position.mark
    except FileNotFoundError:
        return False


def _read(path: Path, offset: int, limit: int, *, lost: bool) -> Piece | None:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            lines = tuple(_lines(file, limit))
            offset += sum(map(len, lines))
            if not lines:
                return None
            return Piece(tuple(line.rstrip(b"\r\n") for line in lines), Position(offset, _mark(file, offset)), lost)
    except FileNotFoundError:
        return None


def _lines(file: BinaryIO, limit: int) -> Iterator[bytes]:
    return takewhile(lambda line: line.endswith(b"\n"), islice(file, limit))


def _mark(file: BinaryIO, offset: int) -> str:
    """Return the digest of the bytes before ``offset``; another one where the file is shorter than that."""
    begin = max(offset - _MARKED, 0)
    file.seek(begin)
    return blake2b(file.read(offset - begin), digest_size=16).hexdigest()
