"""From Asterisk's log files into the call database: each line exactly once, even if a process dies.

A piece of each file, the positions after the pieces and the records that change are one transaction. A line that is
read again is known by its digest, so that reading a line twice does no harm.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, bindparam, select, update

from ivr.call_events.values import SeatKind
from ivr.records.derive.call_record import CallRecord
from ivr.records.ingest.follow import Piece, Position, read_new_lines
from ivr.records.ingest.parsed_lines import CEL, QUEUE_LOG, CallEvents, ParsedLines
from ivr.records.ingest.rebuild import calls_ended_by_start, rebuild
from ivr.records.store import handed_over, outbox, seat_rows
from ivr.records.store.bulk_insert import insert, insert_columns
from ivr.records.store.database import Database
from ivr.records.store.id_list import id_list, in_id_list
from ivr.records.store.schema import ASTERISK_STARTS, IMPORT_STATE, RAW_EVENTS
from ivr.texts import _

PIECE = 4000  # lines of each file in a transaction
_SHOWN = 120  # characters of a bad line in a report
_STATE = IMPORT_STATE.c
# Built once, because building a statement takes longer than the database needs for it.
_POSITIONS = select(_STATE.path, _STATE.offset, _STATE.mark).where(in_id_list(_STATE.path))
_MOVE_POSITION = (
    update(IMPORT_STATE)
    .where(
        _STATE.path == bindparam("name"), _STATE.offset == bindparam("before"), _STATE.mark == bindparam("mark_before")
    )
    .values(offset=bindparam("after"), mark=bindparam("mark_after"))
)


@dataclass(slots=True)
class ImportResult:
    """The result of one import."""

    lines: int = 0  # read: good and bad, new and known
    calls: set[str] = field(default_factory=set)  # ids of the calls with new lines
    bad_lines: int = 0  # not understood; they are stored with the reason
    problems: list[str] = field(default_factory=list)  # sentences for the log


class _ImportedElsewhere(Exception):
    """Another process imported the same piece in the meantime."""


class Importer:
    """Keeps the call database up with Asterisk's log files. Use it from one thread at a time."""

    def __init__(
        self,
        database: Database,
        cel_path: Path,
        queue_log_path: Path,
        seat_kinds: Mapping[str, SeatKind],
        node: str = "",
    ) -> None:
        """Read the files of one Asterisk.

        Args:
            database: the call database; several nodes may write into one.
            cel_path: the file of CEL.
            queue_log_path: the file of app_queue.
            seat_kinds: the kind of each seat, for calls whose script wrote no offer; it may be replaced at any time.
            node: the node whose Asterisk writes the files; "" if the hotline runs on one machine.
        """
        self._node = node
        self.seat_kinds = seat_kinds
        self.line_names: Mapping[str, str] | None = None  # by number; None if no program is notified of calls
        self.on_records: Callable[[Connection, list[CallRecord]], None] | None = None
        """Stores further rows in the transaction of the records, such as work orders."""
        self._database = database
        self._paths = {CEL: cel_path, QUEUE_LOG: queue_log_path}

    def import_new(self) -> ImportResult:
        """Import the lines that Asterisk wrote since the last import, and update the records of their calls.

        Raises:
            DatabaseUnusable: The database cannot be used. Nothing is lost; the next import continues.
            OSError: A file exists but cannot be read.
        """
        result = ImportResult()
        while self._import_pieces(result):
            pass
        return result

    def close_calls_of(self, node: str, at: datetime) -> set[str]:
        """End the records of another node's calls, because the node is gone; return their ids.

        The database then holds a restart of the node's Asterisk ``at`` that time (aware). A call that went on has later
        events; its record is right again as soon as the node has imported these events.

        Raises:
            DatabaseUnusable: The database cannot be used.
        """
        with self._database.begin() as connection:
            ended = calls_ended_by_start(connection, at, node)
            if ended:
                handed_over.lock_calls(connection, ended)
                insert(connection, ASTERISK_STARTS, [{"node": node, "at": at}], skip_existing=True)
                self._publish(connection, rebuild(connection, ended, {}, self.seat_kinds))
        return ended

    def _publish(self, connection: Connection, records: list[CallRecord]) -> None:
        """Store the consequences of changed records, in the same transaction."""
        if self.line_names is not None:
            outbox.put(connection, records, self.line_names)
        if self.on_records is not None:
            self.on_records(connection, records)

    def _import_pieces(self, result: ImportResult) -> bool:
        """Import the next lines of both files; return whether the files may have more."""
        with self._database.begin() as connection:
            known_positions = _positions(connection, [_name_of_file(path, self._node) for path in self._paths.values()])
        positions = {
            source: known_positions.get(_name_of_file(path, self._node), Position())
            for source, path in self._paths.items()
        }
        pieces = {
            source: piece
            for source, path in self._paths.items()
            if (piece := read_new_lines(path, positions[source], PIECE)) is not None
        }
        if not pieces:
            return False
        try:
            with _no_garbage_collection():
                parsed = [ParsedLines(source, piece.lines, self._node) for source, piece in pieces.items()]
                with self._database.begin() as connection:
                    if self._node:
                        _attribute_to_calls(connection, parsed)
                    for source, piece in pieces.items():
                        name = _name_of_file(self._paths[source], self._node)
                        _move_position(connection, name, positions[source], piece.position)
                    changed_calls, all_new = _store_lines(connection, parsed, self._node)
                    records = rebuild(
                        connection, changed_calls, _events_of(parsed), self.seat_kinds, stored_before=not all_new
                    )
                    self._publish(connection, records)
        except _ImportedElsewhere:
            return True
        result.calls |= changed_calls
        for lines in parsed:
            self._report(result, pieces[lines.source], lines)
        return not all(piece.is_last for piece in pieces.values())

    def _report(self, result: ImportResult, piece: Piece, lines: ParsedLines) -> None:
        path = self._paths[lines.source]
        result.lines += len(lines.texts)
        if piece.lost:
            result.problems.append(
                _("{file} is not the file that was read before; lines may be lost that were never imported").format(
                    file=path
                )
            )
        if bad := lines.bad_lines():
            [(first, problem), *_others] = bad
            result.bad_lines += len(bad)
            result.problems.append(
                _("{file}: lines kept but not understood: {count}; the first: {problem}: {line}").format(
                    file=path, count=len(bad), problem=problem, line=repr(first[:_SHOWN])
                )
            )


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep Python's cyclic garbage collector away from one piece, whose objects are many and without cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def position_of(connection: Connection, path: Path, node: str = "") -> Position:
    """Return how far a file of a node was imported."""
    name = _name_of_file(path, node)
    return _positions(connection, [name]).get(name, Position())


def _positions(connection: Connection, names: Sequence[str]) -> dict[str, Position]:
    """Return how far the files with these names were imported; a file that was never read is left out."""
    return {name: Position(offset, mark) for name, offset, mark in connection.execute(_POSITIONS, id_list(names))}


def _name_of_file(path: Path, node: str) -> str:
    """Return the name of a file in the database. A node's name for it stays the same if the machine is replaced."""
    return f"{node}:{path.name}" if node else str(path.absolute())


def _move_position(connection: Connection, name: str, last: Position, new: Position) -> None:
    """Move the position of a file, and lock it until the transaction ends.

    Raises:
        _ImportedElsewhere: The position is not ``last``.
    """
    if last == Position():
        insert(
            connection,
            IMPORT_STATE,
            [{"path": name, "offset": last.offset, "mark": last.mark}],
            skip_existing=True,
        )
    values = {"name": name, "before": last.offset, "mark_before": last.mark}
    moved = connection.execute(_MOVE_POSITION, {**values, "after": new.offset, "mark_after": new.mark})
    if moved.rowcount != 1:
        raise _ImportedElsewhere


def _attribute_to_calls(connection: Connection, parsed: Sequence[ParsedLines]) -> None:
    """Attribute this node's lines about handed-over calls to these calls."""
    for lines in parsed:
        handed_over.put(connection, lines.handed_over)
    local_ids = {call for lines in parsed for call in lines.calls if call}
    call_ids = handed_over.calls_of(connection, local_ids)
    for lines in parsed:
        lines.attribute(call_ids)
    handed_over.lock_calls(connection, {call_ids.get(call, call) for call in local_ids})


def _store_lines(connection: Connection, parsed: Iterable[ParsedLines], node: str) -> tuple[set[str], bool]:
    """Store the lines.

    Returns:
        The ids of all calls whose records the lines change, and whether none of the lines was stored before.
    """
    changed_calls: set[str] = set()
    all_new = True
    for lines in parsed:
        stored = insert_columns(connection, RAW_EVENTS, lines.columns(datetime.now(UTC)), skip_existing=True)
        all_new = all_new and stored == len(lines.texts)
        changed_calls.update(filter(None, lines.calls))
        insert_columns(
            connection, ASTERISK_STARTS, {"node": [node] * len(lines.starts), "at": lines.starts}, skip_existing=True
        )
        seat_rows.put(connection, [(lines.digest(line), event) for line, event in lines.seat_events])
    for lines in parsed:
        for at in lines.starts:
            changed_calls |= calls_ended_by_start(connection, at, node)
    return changed_calls, all_new


def _events_of(parsed: Iterable[ParsedLines]) -> dict[str, CallEvents]:
    """Return the events of each call in all files."""
    events: dict[str, CallEvents] = {}
    for lines in parsed:
        for call, call_events in lines.events.items():
            if call in events:
                events[call].cel += call_events.cel
                events[call].queue += call_events.queue
            else:
                events[call] = call_events
    return events
