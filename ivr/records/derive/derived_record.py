"""Makes the record of a call from its events. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from ivr.asterisk.logs.cel import CelEvent
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.values import SeatKind
from ivr.records.derive.call_facts import CallFacts
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.call_trace import CallTrace, trace_of
from ivr.records.derive.declaration import declared_fields

R = TypeVar("R", bound=CallRecord)


def deriver(record_type: type[R]) -> Callable[[CallTrace], R]:
    """Return the function that makes a record of this type from the trace of a call."""
    derivations = [(field.name, field.derivation.derive) for field in declared_fields(record_type)]

    def derive(trace: CallTrace) -> R:
        call = CallFacts(trace)
        return record_type(**{name: derive_field(call) for name, derive_field in derivations})

    return derive


record_of = deriver(CallRecord)
"""Make the record of a call from its trace."""


def record_of_events(
    events: Iterable[CelEvent],
    queue_events: Iterable[QueueEvent],
    seats: Mapping[str, SeatKind],
    restarted_at: datetime | None = None,
) -> CallRecord | None:
    """Return the record of one call, or None if it is no citizen's. Args as `ivr.records.derive.call_trace.trace_of`.

    The same events give the same record.
    """
    trace = trace_of(events, queue_events, seats, restarted_at)
    return record_of(trace) if trace and trace.is_citizens else None
