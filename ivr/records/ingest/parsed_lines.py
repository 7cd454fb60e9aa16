"""The lines of one piece of a log file: as columns for the database, and their events by call. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from ivr.asterisk.logs import cel, queuelog
from ivr.asterisk.logs.cel import BadLine, CelEvent, CelEventType
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.codec import decode, is_call_event
from ivr.call_events.vocabulary import HandedOver
from ivr.records.derive import seat_events
from ivr.records.derive.event_attribution import as_event_of_call, reattributed
from ivr.records.derive.seat_events import SeatEvent
from ivr.texts import _

CEL, QUEUE_LOG = "cel", "queue_log"
"""The sources of lines."""

_USER_DEFINED = CelEventType.USER_DEFINED


@dataclass(slots=True)
class CallEvents:
    """The events of one call, each list in the order in which Asterisk wrote it."""

    cel: list[CelEvent] = field(default_factory=list)
    queue: list[QueueEvent] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.cel) + len(self.queue)


class ParsedLines:
    """The lines of one piece, kept as columns, because an object for each line would cost a tenth of the import."""

    def __init__(self, source: str, lines: Iterable[bytes], node: str = "") -> None:
        """Parse the lines of a source, `CEL` or `QUEUE_LOG`, of a node; empty lines are left out."""
        self.source = source
        self._salt = f"{node}\0{source}\0".encode() if node else f"{source}\0".encode()
        text = b"\n".join(lines).decode(errors="replace")
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL stores no NUL
        self.texts = [line for line in text.split("\n") if line]
        self.times: list[datetime | None] = []  # None if the line was not understood
        self.calls: list[str | None] = []  # None if the line belongs to no call
        self.problems: list[str | None] = []  # why the line was not understood
        self.events: dict[str, CallEvents] = {}  # by call id; a repeated line has one event
        self.starts: list[datetime] = []  # of Asterisk
        self.handed_over: dict[str, str] = {}  # id of a call that another node handed over, by the id used here
        self.seat_events: list[tuple[str, SeatEvent]] = []  # each with its line
        parse = self._parse_cel if source == CEL else self._parse_queue_log
        for line in self.texts:
            parse(line)
        if len(set(self.texts)) < len(self.texts):
            for call_events in self.events.values():
                call_events.cel = list(dict.fromkeys(call_events.cel))
                call_events.queue = list(dict.fromkeys(call_events.queue))

    def columns(self, now: datetime) -> dict[str, list[Any]]:
        """Return the columns of `ivr.records.store.schema.RAW_EVENTS`.

        A line that was not understood has the time of the line before it; ``now`` if the piece has no other line.
        """
        at = next(filter(None, self.times), now)
        return {
            "source": [self.source] * len(self.texts),
            "digest": list(map(self.digest, self.texts)),
            "call_id": self.calls,
            "at": [at := time or at for time in self.times],
            "line": self.texts,
            "problem": self.problems,
        }

    def attribute(self, handed_over: Mapping[str, str]) -> None:
        """Move lines of handed-over calls to the original calls; ``handed_over`` has their ids by the ids used here."""
        self.calls = [handed_over.get(call_id, call_id) if call_id else call_id for call_id in self.calls]
        for local_id, call_id in handed_over.items():
            if call_events := self.events.pop(local_id, None):
                original_events = self._events_of(call_id)
                original_events.cel += filter(None, (as_event_of_call(event, call_id) for event in call_events.cel))
                original_events.queue += call_events.queue

    def digest(self, line: str) -> str:
        """Return the digest by which a line of this source is known."""
        return blake2b(self._salt + line.encode(), digest_size=16).hexdigest()

    def bad_lines(self) -> list[tuple[str, str]]:
        """Return the lines that were not understood, each with its problem."""
        pairs = zip(self.texts, self.problems, strict=True)
        return [(line, problem) for line, problem in pairs if problem]

    def _parse_cel(self, line: str) -> None:
        try:
            event = cel.parse(line)
        except BadLine as error:
            self._add_line(None, None, str(error))
            return
        if event.type is _USER_DEFINED and is_call_event(event.name):
            event = reattributed(event)
            call_event = decode(event.name, event.extra)
            if call_event is None:
                self._add_line(event.at, event.linkedid, _("not a complete call event of a call script"))
                return
            if isinstance(call_event, HandedOver) and call_event.call:
                self.handed_over[event.linkedid] = call_event.call
            if seat_event := seat_events.of_cel_event(event):
                self.seat_events.append((line, seat_event))
        self._add_line(event.at, event.linkedid, None)
        self._events_of(event.linkedid).cel.append(event)

    def _parse_queue_log(self, line: str) -> None:
        try:
            event = queuelog.parse(line)
        except BadLine as error:
            self._add_line(None, None, str(error))
            return
        self._add_line(event.at, event.callid or None, None)
        if event.callid:
            self._events_of(event.callid).queue.append(event)
        if event.type == queuelog.QUEUESTART:
            self.starts.append(event.at)
        if seat_event := seat_events.of_queue_event(event):
            self.seat_events.append((line, seat_event))

    def _add_line(self, at: datetime | None, call: str | None, problem: str | None) -> None:
        self.times.append(at)
        self.calls.append(call)
        self.problems.append(problem)

    def _events_of(self, call: str) -> CallEvents:
        events = self.events.get(call)
        if events is None:
            events = self.events[call] = CallEvents()
        return events
