"""From Asterisk's log files into the call database: each line exactly once, even if a process dies.

A piece of each file, the positions after the pieces and the records that change are one transaction. A line that is
read again is known by its digest, so that reading a line twice does no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection, select, update

from ivr.asterisk.logs import cel, queuelog
from ivr.asterisk.logs.cel import BadLine, CelEvent, CelEventType
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.codec import decode, is_call_event
from ivr.call_events.values import SeatKind
from ivr.records.derive.watch_attribution import reattribute_watch_events
from ivr.records.ingest.follow import Piece, Position, read_on
from ivr.records.ingest.rebuild import CEL, QUEUE_LOG, CallEvents, rebuild, unfinished_before
from ivr.records.store import outbox
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import ASTERISK_STARTS, IMPORT_STATE, RAW_EVENTS
from ivr.texts import _

PIECE = 4000  # lines of each file in a transaction
_SHOWN = 120  # characters of a bad line in a report


@dataclass(slots=True)
class ImportResult:
    """What one import did."""

    lines: int = 0  # read: good and bad, new and known
    calls: set[str] = field(default_factory=set)  # ids of the calls with new lines
    bad_lines: int = 0  # not understood; they are stored with the reason
    problems: list[str] = field(default_factory=list)  # in words, for the log


@dataclass(slots=True)
class _Line:
    """One line, and the event that it holds."""

    text: str
    at: datetime | None = None  # None if the line was not understood
    call: str = ""  # "" if the line belongs to no call
    event: CelEvent | QueueEvent | None = None
    problem: str | None = None


class _ImportedElsewhere(Exception):
    """Another process imported the same piece in the meantime."""


class Importer:
    """Keeps the call database up with Asterisk's log files. Use it from one thread at a time."""

    def __init__(
        self, database: Database, cel_path: Path, queue_log_path: Path, seat_kinds: Mapping[str, SeatKind]
    ) -> None:
        """``seat_kinds`` says what a seat is, for calls whose script wrote no offer; it may be replaced at any time."""
        self.seat_kinds = seat_kinds
        self.line_names: Mapping[str, str] | None = None  # by number; None if nobody is notified of calls
        self._database = database
        self._paths = {CEL: cel_path, QUEUE_LOG: queue_log_path}

    def import_new(self) -> ImportResult:
        """Import what Asterisk has written since the last import, and bring the records of those calls up to date.

        Raises:
            DatabaseUnusable: The database cannot be used. Nothing is lost; the next import continues.
            OSError: A file exists but cannot be read.
        """
        result = ImportResult()
        while self._import_pieces(result):
            pass
        return result

    def _import_pieces(self, result: ImportResult) -> bool:
        """Import the next lines of both files; return whether there may be more."""
        with self._database.begin() as connection:
            positions = {source: position_of(connection, path) for source, path in self._paths.items()}
        pieces = {
            source: piece
            for source, path in self._paths.items()
            if (piece := read_on(path, positions[source], PIECE)) is not None
        }
        if not pieces:
            return False
        lines = {source: _understood(source, piece) for source, piece in pieces.items()}
        try:
            with self._database.begin() as connection:
                for source, piece in pieces.items():
                    _move(connection, self._paths[source], positions[source], piece.position)
                touched = _store(connection, lines)
                records = rebuild(connection, touched, _events_of(lines), self.seat_kinds)
                if self.line_names is not None:
                    outbox.put(connection, records, self.line_names)
        except _ImportedElsewhere:
            return True
        result.calls |= touched
        for source, piece in pieces.items():
            self._report(result, self._paths[source], piece, lines[source])
        return True

    def _report(self, result: ImportResult, path: Path, piece: Piece, lines: Sequence[_Line]) -> None:
        result.lines += len(lines)
        if piece.lost:
            result.problems.append(
                _("{file} is not the file that was read before; lines may be lost that were never imported").format(
                    file=path
                )
            )
        if bad := [line for line in lines if line.problem]:
            result.bad_lines += len(bad)
            result.problems.append(
                _("{file}: lines kept but not understood: {count}; the first: {problem}: {line}").format(
                    file=path, count=len(bad), problem=bad[0].problem, line=repr(bad[0].text[:_SHOWN])
                )
            )


def position_of(connection: Connection, path: Path) -> Position:
    """Return how far a file was imported."""
    columns = IMPORT_STATE.c
    row = connection.execute(
        select(columns.offset, columns.mark).where(columns.path == str(path.absolute()))
    ).one_or_none()
    return Position(*row) if row else Position()


def _move(connection: Connection, path: Path, before: Position, after: Position) -> None:
    """Move the position of a file, and lock it until the transaction ends.

    Raises:
        _ImportedElsewhere: The position is not ``before``.
    """
    name, columns = str(path.absolute()), IMPORT_STATE.c
    if before == Position():
        insert(
            connection,
            IMPORT_STATE,
            [{"path": name, "offset": before.offset, "mark": before.mark}],
            skip_existing=True,
        )
    here = (columns.path == name) & (columns.offset == before.offset) & (columns.mark == before.mark)
    moved = connection.execute(update(IMPORT_STATE).where(here).values(offset=after.offset, mark=after.mark))
    if moved.rowcount != 1:
        raise _ImportedElsewhere


def _store(connection: Connection, lines: Mapping[str, Sequence[_Line]]) -> set[str]:
    """Store the lines; return the ids of all calls whose records they change."""
    rows = []
    for source, its_lines in lines.items():
        at = next((line.at for line in its_lines if line.at), datetime.now(UTC))
        salt = f"{source}\0".encode()
        for line in its_lines:
            at = line.at or at
            digest = blake2b(salt + line.text.encode(), digest_size=16).hexdigest()
            rows.append(
                {
                    "source": source,
                    "digest": digest,
                    "call_id": line.call or None,
                    "at": at,
                    "line": line.text,
                    "problem": line.problem,
                }
            )
    insert(connection, RAW_EVENTS, rows, skip_existing=True)
    queue_events = [line.event for line in lines.get(QUEUE_LOG, ()) if line.event]
    starts = [event.at for event in queue_events if event.type == queuelog.QUEUESTART]
    insert(connection, ASTERISK_STARTS, [{"at": at} for at in starts], skip_existing=True)
    touched = {line.call for its_lines in lines.values() for line in its_lines if line.call}
    for at in starts:
        touched |= unfinished_before(connection, at)
    return touched


def _events_of(lines: Mapping[str, Sequence[_Line]]) -> dict[str, CallEvents]:
    """Return the events of each call, in the order of the files; those of a repeated line once."""
    events: dict[str, CallEvents] = {}
    for its_lines in lines.values():
        for line in {line.text: line for line in its_lines}.values():
            if line.call and line.event:
                events.setdefault(line.call, CallEvents()).add(line.event)
    return events


def _understood(source: str, piece: Piece) -> list[_Line]:
    """Return the lines of a piece, empty lines left out."""
    understand = _cel_line if source == CEL else _queue_log_line
    # PostgreSQL stores no NUL.
    texts = (line.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}") for line in piece.lines if line)
    return [understand(text) for text in texts]


def _cel_line(text: str) -> _Line:
    try:
        event = reattribute_watch_events(cel.parse(text))
    except BadLine as error:
        return _Line(text, problem=str(error))
    line = _Line(text, event.at, event.linkedid, event)
    if event.type is CelEventType.USER_DEFINED and is_call_event(event.name) and not decode(event.name, event.extra):
        line.event, line.problem = None, _("not a complete call event of a call script")
    return line


def _queue_log_line(text: str) -> _Line:
    try:
        event = queuelog.parse(text)
    except BadLine as error:
        return _Line(text, problem=str(error))
    return _Line(text, event.at, event.callid, event)
