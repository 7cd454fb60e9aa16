"""Counts the lines of Asterisk's files that wait for the import, in a process other than the importer's."""

from pathlib import Path

from ivr.records.ingest.follow import read_new_lines
from ivr.records.ingest.importer import position_of
from ivr.records.store.database import Database

_MOST = 10_000  # lines that are counted


def waiting_lines(database: Database, path: Path, node: str = "") -> int:
    """Return how many complete lines of a node's file were not imported yet, 10,000 at most.

    Raises:
        DatabaseUnusable: The database cannot be used.
        OSError: The file exists but cannot be read.
    """
    with database.begin() as connection:
        position = position_of(connection, path, node)
    piece = read_new_lines(path, position, _MOST)
    return sum(1 for line in piece.lines if line) if piece else 0
