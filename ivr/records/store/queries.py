"""Reading call records and work orders."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from ivr.call_events.values import PartyKind, Reason, SeatKind, SpeechDecision
from ivr.records.derive.callbacks import callbacks_of
from ivr.records.derive.record import Callback, CallRecord, Intent, Leg, LegKind, Outcome, Recording, Result, WorkOrder
from ivr.records.store.database import Database
from ivr.records.store.schema import CallRow, LegRow, WorkOrderRow


def calls(
    database: Database,
    number: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> list[CallRecord]:
    """Return call records, oldest first, calls in progress among them.

    Args:
        database: where they are.
        number: only calls that dialled this number or got its line's service.
        since: only calls that began then or later; aware.
        until: only calls that began before; aware.
        limit: only the newest so many.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    wanted = select(CallRow).options(
        selectinload(CallRow.legs), selectinload(CallRow.work_orders), joinedload(CallRow.deleted_recording)
    )
    if number is not None:
        wanted = wanted.where((CallRow.dialled == number) | (CallRow.line == number))
    if since is not None:
        wanted = wanted.where(CallRow.started_at >= since)
    if until is not None:
        wanted = wanted.where(CallRow.started_at < until)
    newest_first = wanted.order_by(CallRow.started_at.desc(), CallRow.call_id.desc()).limit(limit)
    with database.begin() as session:
        found = [_record(row) for row in reversed(session.scalars(newest_first).all())]
        callbacks = callbacks_of(session, found, datetime.now(UTC))
    return [replace(record, callback=callbacks.get(record.call_id)) for record in found]


def outcomes(database: Database, since: datetime) -> dict[str, int]:
    """Return how many calls that began at ``since`` (aware) or later ended with each outcome.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    over = CallRow.outcome != Outcome.IN_PROGRESS
    wanted = select(CallRow.outcome, func.count()).where(CallRow.started_at >= since, over).group_by(CallRow.outcome)
    with database.begin() as session:
        return {outcome: count for outcome, count in session.execute(wanted)}


def work_orders(database: Database, number: str | None = None, since: datetime | None = None) -> list[WorkOrder]:
    """Return work orders, oldest first.

    Args:
        database: where they are.
        number: only those that concern this number.
        since: only those made then or later; aware.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    wanted = select(WorkOrderRow).order_by(WorkOrderRow.created_at, WorkOrderRow.work_order)
    if number is not None:
        wanted = wanted.where(WorkOrderRow.number == number)
    if since is not None:
        wanted = wanted.where(WorkOrderRow.created_at >= since)
    with database.begin() as session:
        return [_work_order(row) for row in session.scalars(wanted)]


def to_json(record: CallRecord) -> dict[str, Any]:
    """Return a record as ``ivr calls --json`` shows it: times in ISO 8601, UTC, with their offset."""
    order, intent, recording = record.work_order, record.intent, record.recording
    return {
        "call_id": record.call_id,
        "caller": record.caller,
        "dialled": record.dialled,
        "line": record.line,
        "mode": record.mode,
        "path": record.path,
        "topic": record.topic,
        "gap": record.gap,
        "intent_text": intent.text if intent else None,
        "intent_decision": intent.decision if intent else None,
        "intent_target": intent.target if intent else None,
        "confidence": intent.confidence if intent else None,
        "recognizer": intent.recognizer if intent else None,
        "heard_ms": intent.heard_ms if intent else None,
        "queue": record.queue,
        "wait_s": record.wait_s,
        "ring_s": record.ring_s,
        "seat": record.seat,
        "seat_kind": record.seat_kind,
        "started_at": _iso(record.started_at),
        "answered_at": _iso(record.answered_at),
        "ended_at": _iso(record.ended_at),
        "outcome": record.outcome,
        "fallback": record.fallback,
        "fallbacks": list(record.fallbacks),
        "work_order": order.work_order if order else None,
        "recording": recording.file if recording else order.recording if order else None,
        "recording_paused": [list(span) for span in recording.paused] if recording else [],
        "recording_deleted_at": _iso(recording.deleted_at) if recording else None,
        "callback": _callback_json(record.callback),
        "rating": record.rating,
        "legs": [
            {
                "kind": leg.kind,
                "target": leg.target,
                "party": leg.party,
                "result": leg.result,
                "seconds": leg.seconds,
                "started_at": _iso(leg.started_at),
                "answered_at": _iso(leg.answered_at),
                "ended_at": _iso(leg.ended_at),
            }
            for leg in record.legs
        ],
    }


def order_to_json(order: WorkOrder) -> dict[str, Any]:
    """Return a work order as ``ivr orders --json`` shows it: its time in ISO 8601, UTC, with its offset."""
    return {
        "work_order": order.work_order,
        "call_id": order.call_id,
        "caller": order.caller,
        "number": order.number,
        "unit": order.unit,
        "recording": order.recording or None,
        "seconds": order.seconds,
        "created_at": _iso(order.created_at),
    }


def _callback_json(callback: Callback | None) -> dict[str, Any] | None:
    if callback is None:
        return None
    return asdict(callback) | {"tried_at": _iso(callback.tried_at), "recordings": list(callback.recordings)}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None


def _record(row: CallRow) -> CallRecord:
    return CallRecord(
        call_id=row.call_id,
        caller=row.caller,
        dialled=row.dialled,
        line=row.line,
        mode=row.mode,
        path=row.path,
        topic=row.topic,
        gap=row.gap,
        intent=_intent(row),
        queue=row.queue,
        wait_s=row.wait_s,
        ring_s=row.ring_s,
        seat=row.seat,
        seat_kind=SeatKind(row.seat_kind) if row.seat_kind else None,
        started_at=row.started_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        outcome=Outcome(row.outcome),
        fallbacks=tuple(Reason(reason) for reason in row.fallbacks),
        rating=row.rating,
        recording=_recording(row),
        legs=tuple(_leg(leg) for leg in row.legs),
        work_orders=tuple(_work_order(order) for order in row.work_orders),
    )


def _intent(row: CallRow) -> Intent | None:
    if row.intent_decision is None:
        return None
    return Intent(
        text=row.intent_text or "",
        decision=SpeechDecision(row.intent_decision),
        target=row.intent_target or "",
        confidence=row.confidence or 0.0,
        recognizer=row.recognizer or "",
        heard_ms=row.heard_ms or 0,
    )


def _recording(row: CallRow) -> Recording | None:
    if row.recording is None:
        return None
    deleted_at = row.deleted_recording.deleted_at if row.deleted_recording else None
    return Recording(row.recording, tuple((begun, ended) for begun, ended in row.recording_paused), deleted_at)


def _leg(row: LegRow) -> Leg:
    return Leg(
        kind=LegKind(row.kind),
        target=row.target,
        party=PartyKind(row.party) if row.party else None,
        result=Result(row.result),
        seconds=row.seconds,
        started_at=row.started_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
    )


def _work_order(row: WorkOrderRow) -> WorkOrder:
    return WorkOrder(
        work_order=row.work_order,
        call_id=row.call_id,
        caller=row.caller,
        number=row.number,
        unit=row.unit,
        recording=row.recording,
        seconds=row.seconds,
        created_at=row.created_at,
    )
