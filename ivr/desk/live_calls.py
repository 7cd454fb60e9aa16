"""The calls in progress, read from Asterisk's log files as Asterisk writes them."""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.asterisk.logs import cel, queuelog
from ivr.asterisk.logs.cel import BadLine, CelEvent, CelEventType
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.codec import decode
from ivr.call_events.values import SeatKind, WatchAct
from ivr.call_events.vocabulary import AgentWatched, HandedOver, SecondLineConsult
from ivr.records.derive.call_trace import CallTrace, trace_of
from ivr.records.derive.event_attribution import reattributed
from ivr.records.ingest.follow import Position, position_near_end, read_new_lines

_AT_START = 1_000_000  # bytes at the end of the files that are read first, because calls in progress began there
_PIECE = 2000  # lines
_KEPT = 30.0  # seconds for which a call is kept after its end
_MOST = 4000  # calls
_SUPERVISION = (WatchAct.LISTEN, WatchAct.WHISPER, WatchAct.JOIN)


@dataclass(slots=True)
class _Lines:
    events: list[CelEvent] = field(default_factory=list)
    ended_at: float | None = None  # monotonic
    handed_call: str = ""  # the call that another node of a cluster handed over; "" for a call of this node


class LiveCalls:
    """Follows ``cel.csv`` and ``queue_log``."""

    def __init__(self, cel_file: Path, queue_log: Path) -> None:
        """The files may not exist yet."""
        self._cel, self._queue_log = cel_file, queue_log
        self._cel_at = self._queue_at = Position()
        self._calls: OrderedDict[str, _Lines] = OrderedDict()
        self._queue_events: defaultdict[str, list[QueueEvent]] = defaultdict(list)
        self._watched: defaultdict[str, dict[str, str]] = defaultdict(dict)  # call → watcher's seat → act
        self._is_begun = False

    def read(self) -> bool:
        """Take in the new lines; return whether there were any.

        Raises:
            OSError: a file cannot be read.
        """
        if not self._is_begun:
            self._is_begun = True
            self._cel_at, self._queue_at = (
                position_near_end(self._cel, _AT_START),
                position_near_end(self._queue_log, _AT_START),
            )
        earlier = self._cel_at, self._queue_at
        self._cel_at = self._follow(self._cel, self._cel_at, self._take_channel_event)
        self._queue_at = self._follow(self._queue_log, self._queue_at, self._take_queue_event)
        self._forget()
        return earlier != (self._cel_at, self._queue_at)

    def traces(self, seats: Mapping[str, SeatKind]) -> Iterator[CallTrace]:
        """Yield the trace of each call that is not over."""
        for call_id, lines in self._calls.items():
            if lines.ended_at is None:
                trace = trace_of(lines.events, self._queue_events.get(call_id, ()), seats)
                if trace is not None and not trace.is_over:
                    yield trace

    def handed_call(self, call_id: str) -> str:
        """Return the id at the other node of a call that was handed over to this node; "" for a call of this node."""
        return self._calls[call_id].handed_call

    def watchers(self, call_id: str) -> dict[str, str]:
        """Return the act of each expert or supervisor who monitors a call, by the seat."""
        return self._watched.get(call_id, {})

    def _follow(self, path: Path, position: Position, take: Callable[[str], None]) -> Position:
        while new_lines := read_new_lines(path, position, _PIECE):
            position = new_lines.position
            for line in new_lines.lines:
                try:
                    take(line.decode(errors="replace"))
                except BadLine:
                    continue  # the import reports it
        return position

    def _take_channel_event(self, line: str) -> None:
        event = cel.parse(line)
        if event.name == SecondLineConsult.NAME:
            event = reattributed(event)
        lines = self._calls.setdefault(event.linkedid, _Lines())
        lines.events.append(event)
        if event.type is CelEventType.LINKEDID_END:
            lines.ended_at = time.monotonic()
        elif event.type is CelEventType.USER_DEFINED and event.name == HandedOver.NAME:
            hand_over = decode(event.name, event.extra)
            lines.handed_call = hand_over.call if isinstance(hand_over, HandedOver) else ""
        elif event.type is CelEventType.USER_DEFINED and event.name == AgentWatched.NAME:
            watch = decode(event.name, event.extra)
            if isinstance(watch, AgentWatched):
                if watch.act in _SUPERVISION:
                    self._watched[watch.call][watch.by] = watch.act.value
                else:
                    self._watched[watch.call].pop(watch.by, None)

    def _take_queue_event(self, line: str) -> None:
        event = queuelog.parse(line)
        if event.callid:
            self._queue_events[event.callid].append(event)

    def _forget(self) -> None:
        now = time.monotonic()
        ended_calls = [call for call, lines in self._calls.items() if lines.ended_at and lines.ended_at < now - _KEPT]
        for call in [*ended_calls, *list(self._calls)[: max(0, len(self._calls) - _MOST)]]:
            self._calls.pop(call, None)
            self._queue_events.pop(call, None)
            self._watched.pop(call, None)
