"""From Asterisk's files into the call database: every line once, whoever dies when.

A piece of a file, the position after it and the records that it changes are one transaction. Whatever is
read a second time is known by its digest, so that reading too much does no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.asterisk.logs import cel, queuelog
from ivr.asterisk.logs.cel import BadLine, CelEventType
from ivr.call_events.codec import decode, is_call_event
from ivr.call_events.values import SeatKind
from ivr.records.derive.watch_attribution import adopted
from ivr.records.ingest.follow import Position, read_on
from ivr.records.ingest.rebuild import rebuild, unfinished_before
from ivr.records.store import outbox
from ivr.records.store.database import Database
from ivr.records.store.schema import ImportState, RawEvent, Start
from ivr.texts import _

PIECE = 2000  # lines in a transaction
_SHOWN = 120  # characters of a bad line in a report

CEL, QUEUE_LOG = "cel", "queue_log"


@dataclass(slots=True)
class ImportResult:
    """What one import did."""

    lines: int = 0  # read, good and bad, new and known
    calls: set[str] = field(default_factory=set)  # ids of the calls with news
    bad_lines: int = 0  # not understood; kept in events_raw with the reason
    problems: list[str] = field(default_factory=list)  # for the log, in words


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as understood; ``call`` is "" where it is of no call."""

    text: str
    at: datetime | None = None  # None of a line that was not understood
    call: str = ""
    problem: str | None = None
    start: queuelog.QueueEvent | None = None  # Asterisk was started


class Importer:
    """Keeps the call database up with Asterisk's files. Use it from one thread at a time."""

    def __init__(
        self, database: Database, cel_path: Path, queue_log_path: Path, seat_kinds: Mapping[str, SeatKind]
    ) -> None:
        """``seat_kinds`` may be set anew at any time; it says what a seat is where a call's script could not."""
        self.seat_kinds = seat_kinds
        self.line_names: Mapping[str, str] | None = None  # by number; None where nobody is to hear of calls
        self._database = database
        self._sources = ((CEL, cel_path), (QUEUE_LOG, queue_log_path))

    def import_new(self) -> ImportResult:
        """Import what Asterisk has written since the last time, and bring the records of those calls up to date.

        Raises:
            DatabaseUnusable: The database cannot be used; nothing is lost, the next import goes on.
            OSError: A file is there but cannot be read.
        """
        result = ImportResult()
        for source, path in self._sources:
            while self._import_piece(source, path, result):
                pass
        return result

    def _import_piece(self, source: str, path: Path, result: ImportResult) -> bool:
        """Import the next lines of one file; return whether there may be more."""
        name = str(path.absolute())
        with self._database.begin() as session:
            position = _position(session, name)
        piece = read_on(path, position, PIECE)
        if piece is None:
            return False
        lines = [_understood(source, line) for line in piece.lines if line]
        with self._database.begin() as session:
            if not self._move(session, name, position, piece.position):
                return True  # another process was here in between: look again
            touched = self._keep(session, source, lines)
            records = rebuild(session, touched, self.seat_kinds)
            if self.line_names is not None:
                outbox.put(self._database, session, records, self.line_names)
        result.lines += len(lines)
        result.calls |= touched
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
        return True

    def _move(self, session: Session, name: str, before: Position, after: Position) -> bool:
        """Move the position, holding it until the transaction ends; return False where it is not ``before``."""
        new = {"offset": after.offset, "mark": after.mark}
        if before == Position():
            moved = self._database.insert_new(ImportState).values(path=name, **new).returning(ImportState.path)
            return session.scalar(moved) is not None
        here = (ImportState.path == name) & (ImportState.offset == before.offset) & (ImportState.mark == before.mark)
        return session.scalar(update(ImportState).where(here).values(**new).returning(ImportState.path)) is not None

    def _keep(self, session: Session, source: str, lines: Sequence[_Line]) -> set[str]:
        """Store the lines; return the ids of all calls whose records they change."""
        rows = []
        at = next((line.at for line in lines if line.at), datetime.now(UTC))
        for line in lines:
            at = line.at or at
            digest = blake2b(f"{source}\0{line.text}".encode(), digest_size=16).hexdigest()
            row = {"source": source, "digest": digest, "call_id": line.call or None, "at": at}
            rows.append({**row, "line": line.text, "problem": line.problem})
        starts = [{"at": line.start.at} for line in lines if line.start]
        if rows:
            session.execute(self._database.insert_new(RawEvent), rows)
        if starts:
            session.execute(self._database.insert_new(Start), starts)
        touched = {line.call for line in lines if line.call}
        for start in starts:
            touched |= unfinished_before(session, start["at"])
        return touched


def _position(session: Session, name: str) -> Position:
    state = session.get(ImportState, name)
    return Position(state.offset, state.mark) if state else Position()


def _understood(source: str, line: bytes) -> _Line:
    text = line.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL takes no NUL
    try:
        if source == QUEUE_LOG:
            queued = queuelog.parse(text)
            return _Line(text, queued.at, queued.call, start=queued if queued.what == queuelog.STARTED else None)
        event = adopted(cel.parse(text))
    except BadLine as error:
        return _Line(text, problem=str(error))
    if (
        event.what is CelEventType.USER_DEFINED
        and is_call_event(event.name)
        and decode(event.name, event.extra) is None
    ):
        return _Line(text, event.at, event.call, problem=_("not a whole note of a call script"))
    return _Line(text, event.at, event.call)
