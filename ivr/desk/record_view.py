"""The desk's view of a call record. Pure."""

from collections.abc import Sequence
from typing import Any

from ivr.call_events.masked_caller import masked
from ivr.desk.json_time import json_time
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import LegKind
from ivr.records.store.agents_notes import CallNote

_NOTE = 80  # characters shown in a list


def record_view(record: CallRecord, name: str, note: CallNote | None, orders: Sequence[str] = ()) -> dict[str, Any]:
    """Return a record, its caller masked, with the beginning of its note and the work orders of the call."""
    talk = sum(leg.seconds for leg in record.legs if leg.answered_at and leg.kind not in (LegKind.CONSULT,))
    return {
        "call_id": record.call_id,
        "started_at": json_time(record.started_at),
        "caller": masked(record.caller),
        "number": record.dialled,
        "name": name,
        "line": record.line,
        "mode": record.mode,
        "path": record.path,
        "topic": record.topic,
        "said": [
            {"text": utterance.text, "decision": utterance.decision.value, "target": utterance.target}
            for utterance in record.utterances
        ],
        "answer": {
            "article": record.answer_article,
            "title": record.answer_title,
            "seconds": record.answer_s,
            "end": record.answer_end,
        }
        if record.answer_article
        else None,
        "queue": record.queue,
        "wait_s": record.wait_s,
        "seat": record.seat,
        "answered_at": json_time(record.answered_at),
        "ended_at": json_time(record.ended_at),
        "talk_s": round(talk),
        "outcome": record.outcome.value,
        "rating": record.rating,
        "phones_lost": list(record.phones_lost),
        "pulled_by": record.pulled_by,
        "held": record.held,
        "recording_paused": record.recording_paused,
        "has_recording": bool(record.recording and not record.recording_deleted_at),
        "orders": list(orders),
        "work_orders": [order.work_order for order in record.work_orders],
        "callback": record.callback.state.value if record.callback else None,
        "sound_quality": [
            {
                "seat": quality.seat,
                "seconds": quality.seconds,
                "loss_percent": quality.loss_percent,
                "jitter_ms": quality.jitter_ms,
                "round_trip_ms": quality.round_trip_ms,
            }
            for quality in record.sound_quality
        ],
        "legs": [
            {
                "kind": leg.kind.value,
                "target": leg.target,
                "result": leg.result.value,
                "seconds": leg.seconds,
                "started_at": json_time(leg.started_at),
                "answered_at": json_time(leg.answered_at),
                "ended_at": json_time(leg.ended_at),
            }
            for leg in record.legs
        ],
        "note": note.text[:_NOTE] if note else "",
        "result": record.result or None,
        "checked": list(record.checked),
    }
