"""Bringing the records of some calls up to date with their raw events."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ivr.asterisk.logs import cel, queuelog
from ivr.call_events.values import SeatKind
from ivr.records.derive.build import record_of, scene_of
from ivr.records.derive.callback_attempt import calling_back
from ivr.records.derive.clock_steps import steady
from ivr.records.derive.record import CallRecord, Outcome
from ivr.records.derive.watch_attribution import adopted
from ivr.records.store.schema import CallbackAttemptRow, CallRow, LegRow, RawEvent, Start, WorkOrderRow, table_of

SECOND = timedelta(seconds=1)  # Asterisk's starts are known to the second


def unfinished_before(session: Session, start: datetime) -> set[str]:
    """Return the calls that seemed in progress when Asterisk was started."""
    earlier = (CallRow.outcome == Outcome.IN_PROGRESS.value) & (CallRow.started_at < start + SECOND)
    tries = (CallbackAttemptRow.ended_at.is_(None)) & (CallbackAttemptRow.started_at < start + SECOND)
    return {
        *session.scalars(select(CallRow.call_id).where(earlier)),
        *session.scalars(select(CallbackAttemptRow.call_id).where(tries)),
    }


def rebuild(session: Session, calls: Collection[str], seats: Mapping[str, SeatKind]) -> list[CallRecord]:
    """Replace the records of ``calls`` by what their events say now, and return them."""
    events: dict[str | None, list[cel.CelEvent]] = defaultdict(list)
    queue: dict[str | None, list[queuelog.QueueEvent]] = defaultdict(list)
    lines = select(RawEvent.source, RawEvent.call_id, RawEvent.line).order_by(RawEvent.id)
    for source, call, line in session.execute(lines.where(RawEvent.call_id.in_(calls), RawEvent.problem.is_(None))):
        if source == "cel":
            events[call].append(adopted(cel.parse(line)))
        else:
            queue[call].append(queuelog.parse(line))
    starts = session.scalars(select(Start.at).order_by(Start.at)).all()
    records, tries = [], []
    for call, happened in events.items():
        scene = scene_of(steady(happened), steady(queue[call]), seats, _next_start(starts, happened))
        if scene and (record := record_of(scene)):
            records.append(record)
        elif scene and (tried := calling_back(scene)):
            tries.append(asdict(tried))
    for table in (LegRow, WorkOrderRow, CallRow, CallbackAttemptRow):
        session.execute(delete(table_of(table)).where(table.call_id.in_(calls)))
    for table, rows in (
        (CallRow, [_call_row(record) for record in records]),
        (LegRow, [row for record in records for row in _leg_rows(record)]),
        (WorkOrderRow, [row for record in records for row in _work_order_rows(record)]),
        (CallbackAttemptRow, tries),
    ):
        if rows:
            session.execute(insert(table_of(table)), rows)
    return records


def _next_start(starts: Sequence[datetime], events: Sequence[cel.CelEvent]) -> datetime | None:
    """Return when Asterisk was started after the last of the events."""
    last = max(event.at for event in events).replace(microsecond=0)
    position = bisect_left(starts, last)
    return starts[position] if position < len(starts) else None


def _call_row(record: CallRecord) -> dict[str, Any]:
    intent = record.intent
    return {
        "call_id": record.call_id,
        "caller": record.caller,
        "dialled": record.dialled,
        "line": record.line,
        "mode": record.mode,
        "path": record.path,
        "topic": record.topic,
        "gap": record.gap,
        "intent_text": intent and intent.text,
        "intent_decision": intent and intent.decision.value,
        "intent_target": intent and intent.target,
        "confidence": intent and intent.confidence,
        "recognizer": intent and intent.recognizer,
        "heard_ms": intent and intent.heard_ms,
        "queue": record.queue,
        "wait_s": record.wait_s,
        "ring_s": record.ring_s,
        "seat": record.seat,
        "seat_kind": record.seat_kind and record.seat_kind.value,
        "started_at": record.started_at,
        "answered_at": record.answered_at,
        "ended_at": record.ended_at,
        "outcome": record.outcome.value,
        "fallbacks": [reason.value for reason in record.fallbacks],
        "rating": record.rating,
        "recording": record.recording and record.recording.file,
        "recording_paused": [list(span) for span in record.recording.paused] if record.recording else [],
    }


def _leg_rows(record: CallRecord) -> list[dict[str, Any]]:
    return [
        {
            "call_id": record.call_id,
            "position": position,
            "kind": leg.kind.value,
            "target": leg.target,
            "party": leg.party and leg.party.value,
            "result": leg.result.value,
            "seconds": leg.seconds,
            "started_at": leg.started_at,
            "answered_at": leg.answered_at,
            "ended_at": leg.ended_at,
        }
        for position, leg in enumerate(record.legs)
    ]


def _work_order_rows(record: CallRecord) -> list[dict[str, Any]]:
    return [
        {
            "call_id": record.call_id,
            "work_order": order.work_order,
            "caller": order.caller,
            "number": order.number,
            "unit": order.unit,
            "recording": order.recording,
            "seconds": order.seconds,
            "created_at": order.created_at,
        }
        for order in record.work_orders
    ]
