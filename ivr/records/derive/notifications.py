"""Notifications to a desktop program about a call: offered to a seat, answered, ended. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ivr.call_events.values import Reason
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import Leg, LegKind

_SEATS = (LegKind.GENERAL, LegKind.ENTERPRISE, LegKind.EXPERT)
_NEEDS_EXPERT = {Reason.EXPERT_AWAY, Reason.EXPERT_BUSY, Reason.EXPERT_SILENT}


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification about one call."""

    id: str  # the same each time that the call's record is rebuilt
    call_id: str
    body: Mapping[str, Any]  # for JSON


def notifications_of(record: CallRecord, names: Mapping[str, str]) -> tuple[Notification, ...]:
    """Return the notifications that follow from the record so far, in order of time.

    Args:
        record: the call's record.
        names: the lines' names by number.
    """
    return tuple(
        Notification(
            event_id, record.call_id, {"id": event_id, "event": event, "at": _iso(at), **_body(record, names, leg, at)}
        )
        for at, event_id, event, leg in sorted(
            _events_to_notify(record), key=lambda event_to_notify: event_to_notify[0]
        )
    )


def _events_to_notify(record: CallRecord) -> Iterator[tuple[datetime, str, str, Leg | None]]:
    for position, leg in enumerate(leg for leg in record.legs if leg.kind in _SEATS):
        yield leg.started_at, f"{record.call_id}:offered:{leg.target}:{position}", "offered", leg
        if leg.answered_at:
            yield leg.answered_at, f"{record.call_id}:answered:{leg.target}:{position}", "answered", leg
    if record.ended_at:
        yield record.ended_at, f"{record.call_id}:ended", "ended", None


def _body(record: CallRecord, names: Mapping[str, str], leg: Leg | None, at: datetime) -> dict[str, Any]:
    body = {
        "call_id": record.call_id,
        "caller": record.caller,
        "dialled": record.dialled,
        "line": _line_in_words(record, names),
        "pressed": record.path,
        "topic": record.topic,
        "said": record.intent_text,
        "said_target": record.intent_target,
        "said_decision": record.intent_decision,
        "said_confidence": record.confidence,
        "seat": leg.target if leg else record.seat,
    }
    if leg:
        return body | {"waiting_s": round((leg.started_at - record.started_at).total_seconds(), 1)}
    return body | {
        "waiting_s": round(((record.answered_at or at) - record.started_at).total_seconds(), 1),
        "outcome": record.outcome,
        "work_order": record.work_order.work_order if record.work_order else None,
        "rating": record.rating,
    }


def _line_in_words(record: CallRecord, names: Mapping[str, str]) -> str:
    words = f"{record.dialled} {names.get(record.dialled, '')}".strip()
    return f"{words} · 需专家" if not _NEEDS_EXPERT.isdisjoint(record.fallbacks) else words


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
