"""The call record (话务数据归集): each field declared once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from ivr.asterisk.logs.cel import CelEvent
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.values import AnswerEnd, Reason, SeatKind, SpeechDecision
from ivr.records.derive.call_facts import CallFacts
from ivr.records.derive.call_spans import Spans
from ivr.records.derive.call_trace import CallTrace, trace_of
from ivr.records.derive.declaration import Derived, Stored, declared_fields
from ivr.records.derive.record_parts import Callback, Leg, Outcome, SoundQuality, Utterance, WorkOrder
from ivr.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of a citizen. Times are UTC; a time that was never reached is None.

    A new field takes its line here, a migration beside the others in ``ivr/records/store/migrations/versions``, and
    its row in ``docs/operations.md``. The methods of `CallFacts` say what each field means.
    """

    call_id: Annotated[str, Stored(lambda call: call.trace.call_id, key=True)]  # Asterisk's linkedid
    started_at: Annotated[datetime, Stored(CallFacts.started_at, indexed=True, heading=_("started"))]
    caller: Annotated[str, Stored(CallFacts.caller, heading=_("caller"))]
    dialled: Annotated[str, Stored(CallFacts.dialled, indexed=True, heading=_("dialled"))]
    line: Annotated[str, Stored(CallFacts.line, indexed=True, heading=_("line"))]
    mode: Annotated[str | None, Stored(CallFacts.mode, heading=_("mode"))]
    path: Annotated[str, Stored(CallFacts.path, heading=_("path"))]
    topic: Annotated[str, Stored(CallFacts.topic)]
    gap: Annotated[bool, Stored(CallFacts.gap)]
    intent_text: Annotated[str | None, Stored(CallFacts.intent_text, heading=_("said"))] = None
    intent_decision: Annotated[SpeechDecision | None, Stored(CallFacts.intent_decision)] = None
    intent_target: Annotated[str | None, Stored(CallFacts.intent_target)] = None
    confidence: Annotated[float | None, Stored(CallFacts.confidence)] = None
    recognizer: Annotated[str | None, Stored(CallFacts.recognizer)] = None
    heard_ms: Annotated[int | None, Stored(CallFacts.heard_ms)] = None
    answer_article: Annotated[str | None, Stored(CallFacts.answer_article)] = None
    answer_title: Annotated[str | None, Stored(CallFacts.answer_title)] = None
    answer_s: Annotated[int | None, Stored(CallFacts.answer_s)] = None
    answer_end: Annotated[AnswerEnd | None, Stored(CallFacts.answer_end)] = None
    first_offer_at: Annotated[datetime | None, Stored(CallFacts.first_offer_at)] = None
    queue: Annotated[str | None, Stored(CallFacts.queue)]
    wait_s: Annotated[int, Stored(CallFacts.wait_s, heading=_("wait"), unit=_(" s"))]
    ring_s: Annotated[float | None, Stored(CallFacts.ring_s)]
    seat: Annotated[str | None, Stored(CallFacts.seat, heading=_("seat"))]
    seat_kind: Annotated[SeatKind | None, Stored(CallFacts.seat_kind)]
    answered_at: Annotated[datetime | None, Stored(CallFacts.answered_at)]
    ended_at: Annotated[datetime | None, Stored(CallFacts.ended_at)]
    outcome: Annotated[Outcome, Stored(CallFacts.outcome, heading=_("outcome"))]
    fallbacks: Annotated[tuple[Reason, ...], Stored(lambda call: call.fallback_reasons, heading=_("fallback"))]
    rating: Annotated[int | None, Stored(CallFacts.rating)] = None
    recording: Annotated[str | None, Stored(CallFacts.recording, indexed=True)] = None
    recording_paused: Annotated[Spans, Stored(CallFacts.recording_paused)] = ()
    held: Annotated[Spans, Stored(CallFacts.held)] = ()
    pulled_by: Annotated[str | None, Stored(CallFacts.pulled_by)] = None
    utterances: Annotated[tuple[Utterance, ...], Derived(CallFacts.utterances)] = ()
    legs: Annotated[tuple[Leg, ...], Derived(lambda call: call.legs)]
    work_orders: Annotated[tuple[WorkOrder, ...], Derived(CallFacts.work_orders)]
    # These follow from more than the events of the call; a query adds them.
    orders: tuple[str, ...] = ()  # numbers of the work orders of the call, also of those made at the desk
    recording_deleted_at: datetime | None = None  # the recording's retention period was over; None while it exists
    callback: Callback | None = None  # None if no agent has to call back
    sound_quality: tuple[SoundQuality, ...] = ()  # of each seat whose phone was in its page
    result: str = ""  # how the agent says that the call ended, in the words of the line; "" if nobody said it
    checked: tuple[str, ...] = ()  # items of the line's checklist that the agent has done

    @property
    def fallback(self) -> Reason | None:
        """The last reason why an offer reached nobody."""
        return self.fallbacks[-1] if self.fallbacks else None

    @property
    def work_order(self) -> WorkOrder | None:
        """The last work order that came of this call."""
        return self.work_orders[-1] if self.work_orders else None


R = TypeVar("R", bound=CallRecord)


def deriver(record_type: type[R]) -> Callable[[CallTrace], R]:
    """Return the function that makes a record of this type from the trace of a call."""
    derivations = [(field.name, field.how.derive) for field in declared_fields(record_type)]

    def derive(trace: CallTrace) -> R:
        call = CallFacts(trace)
        return record_type(**{name: of(call) for name, of in derivations})

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
