"""The desk's view of calls that are at another node of a cluster, and of calls that another node handed over. Pure.

The earlier part of such a call is in its record, which the nodes write within two seconds. Its present state is the
last state that the other node reported.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ivr.desk.json_time import json_time
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import LegKind
from ivr.registry.model import Registry
from ivr.runtime.page_phones import seat_of_page_phone

_OF_THE_HOME = (
    "stage", "waiting_since", "answered_at", "queue", "seat", "ringing", "parties", "recording", "watchers",
)  # fmt: skip # fields of a handed-over call that the node with the group's queue knows
_SUPERVISED = (LegKind.LISTEN, LegKind.WHISPER, LegKind.JOIN)


def at_one_node(reports: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return each call once, by its id. A call that was handed over belongs to the node that took it over."""
    calls: dict[str, Mapping[str, Any]] = {}
    for report in reports:
        earlier_report = calls.get(report["call_id"])
        if earlier_report is None or _is_at_first_node(earlier_report):
            calls[report["call_id"]] = report
    return calls


def call_elsewhere(
    report: Mapping[str, Any], record: CallRecord | None, registry: Registry, today: datetime
) -> dict[str, Any] | None:
    """Return a call at another node in the form of `ivr.desk.call_view.call_view`, with its ``node``.

    None is returned for a call that is no citizen's.


    Args:
        report: the call in the last report of the other node.
        record: the call's record; None if it is not written yet.
        registry: the registry in force.
        today: the city's time.
    """
    number = record.dialled if record else report["line"]
    entry = registry.entry(number, today.date())
    if entry is None and record is None:
        return None
    name = entry.name if entry else ""
    seats = [seat for phone in report["with"] if (seat := seat_of_page_phone(phone) or phone) in registry.seats]
    talks, waits = report["stage"] == "talking", report["stage"] == "waiting"
    since = record.started_at if record else today - timedelta(seconds=report["seconds"])
    return {
        "call_id": report["call_id"],
        "kind": "citizen",
        "caller": record.caller if record else report["caller"],
        "number": number,
        "name": name,
        "greeting": f"您好，{name if name.startswith(number) else number + name}",
        "mode": (record.mode if record else "") or "",
        "line": record.line if record else number,
        "unit": entry.unit if entry else "",
        "stage": "ringing" if waits and seats else report["stage"],
        "since": json_time(since),
        "waiting_since": json_time(record.first_offer_at) if record else None,
        "answered_at": json_time(record.answered_at) if record else None,
        "queue": record.queue if record else None,
        "keys": _keys(record),
        "said": _utterances(record),
        "answers": [],
        "topic": record.topic if record else "",
        "needs_expert": False,
        "emergency": "",
        "seat": record.seat if record else None,
        "ringing": [] if talks else seats,
        "parties": [_party(party, registry, since) for party in report["with"]] if talks else [],
        "recording": "on" if record and record.recording else "off",
        "watchers": _watchers(record),
        "node": report["node"],
    }


def handed_here(call: Mapping[str, Any], leg: Mapping[str, Any], node: str) -> dict[str, Any]:
    """Return a call that was handed over to this node: ``call`` from elsewhere, ``leg`` as this node sees it."""
    return {**call, **{key: leg[key] for key in _OF_THE_HOME}, "node": node}


def handed_away(call: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call of this node that waits or talks at another node; ``report`` is that node's report of the call."""
    keys_of_report = ("stage", "seat", "ringing", "parties", "watchers", "node")
    return {
        **call,
        **{key: report[key] for key in keys_of_report},
        "answered_at": report["answered_at"] or call["answered_at"],
    }


def _is_at_first_node(report: Mapping[str, Any]) -> bool:
    return bool(str(report["call_id"]).rpartition("-")[0] == report["node"])


def _keys(record: CallRecord | None) -> list[dict[str, str]]:
    steps = record.path.split("/") if record and record.path else []
    pressed = [(menu, key) for menu, _colon, key in (step.partition(":") for step in steps) if not key.isalpha()]
    topic = record.topic if record else ""
    return [
        {"menu": menu, "key": key, "topic": topic if position == len(pressed) - 1 else ""}
        for position, (menu, key) in enumerate(pressed)
    ]


def _utterances(record: CallRecord | None) -> list[dict[str, Any]]:
    return [
        {
            "text": utterance.text,
            "decision": utterance.decision.value,
            "target": utterance.target,
            "taken_for": utterance.target,
            "confidence": utterance.confidence,
        }
        for utterance in (record.utterances if record else ())
    ]


def _watchers(record: CallRecord | None) -> list[dict[str, str]]:
    legs = record.legs if record else ()
    supervising = {leg.target: leg.kind.value for leg in legs if leg.kind in _SUPERVISED and leg.ended_at is None}
    return [{"seat": seat, "act": act} for seat, act in supervising.items()]


def _party(phone: str, registry: Registry, since: datetime) -> dict[str, Any]:
    seat = registry.seats.get(seat_of_page_phone(phone) or phone)
    return {
        "party": seat.number if seat else phone,
        "kind": "seat" if seat else "center",
        "name": seat.name if seat else "",
        "state": "up",
        "since": json_time(since),
    }
