"""How far the records are behind Asterisk's files; for an admin's question, from another process than the importer."""

from pathlib import Path

from ivr.records.ingest.follow import Position, read_on
from ivr.records.store.database import Database
from ivr.records.store.schema import ImportState

_MANY = 10_000  # more are not counted


def lines(database: Database, path: Path) -> int:
    """Return how many whole lines of a file were not imported yet, 10,000 at most.

    Raises:
        DatabaseUnusable: The database cannot be used.
        OSError: The file is there but cannot be read.
    """
    with database.begin() as session:
        state = session.get(ImportState, str(path.absolute()))
        position = Position(state.offset, state.mark) if state else Position()
    piece = read_on(path, position, _MANY)
    return len([line for line in piece.lines if line]) if piece else 0
