"""The call record (话务数据归集): each field declared once.

`ivr.records.derive.derived_record` makes the records. It is not imported here, so that a command that only reads
records starts quickly.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from ivr.call_events.values import AnswerEnd, Reason, SeatKind, SpeechDecision
from ivr.records.derive.declaration import Derived, Stored
from ivr.records.derive.record_parts import Callback, Leg, Outcome, SoundQuality, Spans, Utterance, WorkOrder
from ivr.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of a citizen. Times are UTC; a time that was never reached is None.

    A new field takes its line here, a migration beside the others in ``ivr/records/store/migrations/versions``, and
    its row in ``docs/operations.md``. The methods of `ivr.records.derive.call_facts.CallFacts` say what
    each field means.
    """

    call_id: Annotated[str, Stored(lambda call: call.trace.call_id, key=True)]  # Asterisk's linkedid
    started_at: Annotated[datetime, Stored(lambda call: call.started_at(), indexed=True, heading=_("started"))]
    caller: Annotated[str, Stored(lambda call: call.caller(), heading=_("caller"))]
    dialled: Annotated[str, Stored(lambda call: call.dialled(), indexed=True, heading=_("dialled"))]
    line: Annotated[str, Stored(lambda call: call.line(), indexed=True, heading=_("line"))]
    mode: Annotated[str | None, Stored(lambda call: call.mode(), heading=_("mode"))]
    path: Annotated[str, Stored(lambda call: call.path(), heading=_("path"))]
    topic: Annotated[str, Stored(lambda call: call.topic())]
    gap: Annotated[bool, Stored(lambda call: call.gap())]
    intent_text: Annotated[str | None, Stored(lambda call: call.intent_text(), heading=_("said"))] = None
    intent_decision: Annotated[SpeechDecision | None, Stored(lambda call: call.intent_decision())] = None
    intent_target: Annotated[str | None, Stored(lambda call: call.intent_target())] = None
    confidence: Annotated[float | None, Stored(lambda call: call.confidence())] = None
    recognizer: Annotated[str | None, Stored(lambda call: call.recognizer())] = None
    heard_ms: Annotated[int | None, Stored(lambda call: call.heard_ms())] = None
    answer_article: Annotated[str | None, Stored(lambda call: call.answer_article())] = None
    answer_title: Annotated[str | None, Stored(lambda call: call.answer_title())] = None
    answer_s: Annotated[int | None, Stored(lambda call: call.answer_s())] = None
    answer_end: Annotated[AnswerEnd | None, Stored(lambda call: call.answer_end())] = None
    first_offer_at: Annotated[datetime | None, Stored(lambda call: call.first_offer_at())] = None
    queue: Annotated[str | None, Stored(lambda call: call.queue())]
    wait_s: Annotated[int, Stored(lambda call: call.wait_s(), heading=_("wait"), unit=_(" s"))]
    ring_s: Annotated[float | None, Stored(lambda call: call.ring_s())]
    seat: Annotated[str | None, Stored(lambda call: call.seat(), heading=_("seat"))]
    seat_kind: Annotated[SeatKind | None, Stored(lambda call: call.seat_kind())]
    answered_at: Annotated[datetime | None, Stored(lambda call: call.answered_at())]
    ended_at: Annotated[datetime | None, Stored(lambda call: call.ended_at())]
    outcome: Annotated[Outcome, Stored(lambda call: call.outcome(), heading=_("outcome"))]
    fallbacks: Annotated[tuple[Reason, ...], Stored(lambda call: call.fallback_reasons, heading=_("fallback"))]
    rating: Annotated[int | None, Stored(lambda call: call.rating())] = None
    recording: Annotated[str | None, Stored(lambda call: call.recording(), indexed=True)] = None
    recording_paused: Annotated[Spans, Stored(lambda call: call.recording_paused())] = ()
    held: Annotated[Spans, Stored(lambda call: call.held())] = ()
    phones_lost: Annotated[tuple[str, ...], Stored(lambda call: call.phones_lost())] = ()
    pulled_by: Annotated[str | None, Stored(lambda call: call.pulled_by())] = None
    utterances: Annotated[tuple[Utterance, ...], Derived(lambda call: call.utterances())] = ()
    legs: Annotated[tuple[Leg, ...], Derived(lambda call: call.legs)]
    work_orders: Annotated[tuple[WorkOrder, ...], Derived(lambda call: call.work_orders())]
    # A query adds the following fields, because they follow from more than the events of the call.
    orders: tuple[str, ...] = ()  # numbers of the work orders of the call, also of those made at the desk
    recording_deleted_at: datetime | None = None  # the recording's retention period was over; None while it exists
    callback: Callback | None = None  # None if no agent has to call back
    sound_quality: tuple[SoundQuality, ...] = ()  # of each seat whose phone was in its page
    result: str = ""  # the agent's result of the call, one of the results of the line; "" if the agent chose none
    checked: tuple[str, ...] = ()  # items of the line's checklist that the agent has done

    @property
    def fallback(self) -> Reason | None:
        """The last reason why an offer reached nobody."""
        return self.fallbacks[-1] if self.fallbacks else None

    @property
    def work_order(self) -> WorkOrder | None:
        """The last work order of this call."""
        return self.work_orders[-1] if self.work_orders else None
