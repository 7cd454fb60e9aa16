"""Builds the events of a call one by one, for cases without a recorded log file."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ivr.asterisk.logs.cel import CelEvent, CelEventType
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.codec import encode
from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import CallEvent
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.derived_record import record_of_events

CALL = "hotline-1.0"
BEGAN = datetime(2026, 1, 1, 8, tzinfo=UTC)
CALLER = "PJSIP/carrier-00000000"


class WrittenCall:
    """A call that is built event by event; ``wait`` lets time pass between events."""

    def __init__(self, *, caller: str = CALLER, context: str = "from-carrier", dialled: str = "12345") -> None:
        self.events: list[CelEvent] = []
        self.queue: list[QueueEvent] = []
        self.caller = caller
        self._at = BEGAN
        self._context, self._dialled = context, dialled
        self._uniques = {caller: CALL}
        self._happen(CelEventType.CHAN_START, caller)

    def wait(self, seconds: float) -> "WrittenCall":
        self._at += timedelta(seconds=seconds)
        return self

    def rings(self, channel: str) -> "WrittenCall":
        self._uniques[channel] = f"hotline-1.{len(self._uniques)}"
        return self._happen(CelEventType.CHAN_START, channel)

    def picks_up(self, channel: str) -> "WrittenCall":
        return self._happen(CelEventType.ANSWER, channel)

    def hangs_up(self, channel: str, *, cause: int = 16, by: str | None = None, dial_status: str = "") -> "WrittenCall":
        source = channel if by is None else by
        extra = {"hangupcause": cause, "hangupsource": source, "dialstatus": dial_status}
        return self._happen(CelEventType.HANGUP, channel, extra=json.dumps(extra))

    def notes(self, note: CallEvent, channel: str | None = None) -> "WrittenCall":
        name, extra = encode(note)
        return self._happen(CelEventType.USER_DEFINED, channel or self.caller, name=name, extra=extra)

    def queued(self, event: str, *data: str, agent: str = "") -> "WrittenCall":
        at = self._at.replace(microsecond=0)
        self.queue.append(QueueEvent(at, CALL, "general", agent, event, data))
        return self

    def ends(self) -> "WrittenCall":
        return self._happen(CelEventType.LINKEDID_END, self.caller)

    def record(self, seats: Mapping[str, SeatKind] | None = None, restarted: float | None = None) -> CallRecord:
        restarted_at = None if restarted is None else self._at + timedelta(seconds=restarted)
        record = record_of_events(self.events, self.queue, seats or {}, restarted_at)
        assert record is not None
        return record

    def _happen(self, kind: CelEventType, channel: str, *, name: str = "", extra: str = "") -> "WrittenCall":
        self._at += timedelta(microseconds=10)
        event = CelEvent(kind, self._at, name, extra, self._context, channel, self._uniques[channel], CALL, "s", "")
        if channel == self.caller:
            event = event._replace(exten=self._dialled, number="13900001111")
        self.events.append(event)
        return self
