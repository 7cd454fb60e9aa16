"""The desk's view of a call in progress, from its trace, its present channels and the registry. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ivr.call_events.values import Reason, SpeechDecision
from ivr.call_events.vocabulary import (
    AnswerPlayed,
    CallbackStarted,
    CallHeld,
    EmergencyStarted,
    KeyPressed,
    RecordingPaused,
    RecordingStarted,
    SpeechHeard,
)
from ivr.desk.json_time import json_time
from ivr.records.derive.call_facts import CallFacts
from ivr.records.derive.call_trace import CallTrace
from ivr.records.derive.record_parts import Leg, LegKind
from ivr.registry.model import Registry

_NEEDS_EXPERT = {Reason.EXPERT_AWAY, Reason.EXPERT_BUSY, Reason.EXPERT_SILENT}
_EMERGENCIES = {SpeechDecision.EMERGENCY, SpeechDecision.EMERGENCY_SURE, SpeechDecision.EMERGENCY_UNANSWERED}
_SEATS = {LegKind.GENERAL, LegKind.ENTERPRISE, LegKind.EXPERT}
_THIRD_PARTIES = {LegKind.CONSULT, LegKind.LINKAGE}
_PARTIES = _SEATS | _THIRD_PARTIES | {LegKind.CENTER}
_STAGES = {"Queue": "waiting", "Record": "message", "Dial": "dialling"}

Channels = Sequence[Mapping[str, Any]]
"""Channels of the call as `ivr.engine.live_status` returns them."""


def call_view(
    trace: CallTrace, channels: Channels, watchers: Mapping[str, str], registry: Registry, today: datetime
) -> dict[str, Any]:
    """Return a call in progress as docs/desk.md describes it, with the caller's whole number."""
    facts = CallFacts(trace)
    legs = [leg for leg in facts.legs if leg.ended_at is None]
    entry = registry.entry(facts.dialled(), today.date())
    number, name = _number_and_name(trace, facts, registry, today)
    answered_at = facts.answered_at()
    return {
        "call_id": trace.call_id,
        "kind": _kind(trace),
        "caller": _caller(trace, facts),
        "number": number,
        "name": name,
        "greeting": f"您好，{name if name.startswith(number) else number + name}",
        "mode": facts.mode() or "",
        "line": facts.line(),
        "unit": entry.unit if entry else "",
        "stage": _stage(trace, channels, legs, answered=answered_at is not None),
        "since": json_time(facts.started_at()),
        "waiting_since": json_time(facts.first_offer_at()),
        "answered_at": json_time(answered_at),
        "queue": facts.queue(),
        "keys": [{"menu": event.menu, "key": event.key, "topic": event.topic} for event in trace.of_type(KeyPressed)],
        "said": _utterance_views(trace, facts, registry, today),
        "answers": [_answer(event) for event in trace.of_type(AnswerPlayed)],
        "topic": facts.topic(),
        "needs_expert": not _NEEDS_EXPERT.isdisjoint(facts.fallback_reasons),
        "emergency": _emergency(trace, facts),
        "seat": facts.seat(),
        "ringing": [leg.target for leg in legs if leg.kind in _SEATS and leg.answered_at is None],
        "parties": [_party(leg, registry, today) for leg in legs if leg.kind in _PARTIES],
        "recording": _recording(trace, answered=answered_at is not None),
        "watchers": [{"seat": seat, "act": act} for seat, act in watchers.items()],
    }


def seats_of(call: Mapping[str, Any]) -> set[str]:
    """Return the seats that ring for a call, and the seats that are or were in the call."""
    return {*call["ringing"], call["seat"], *(party["party"] for party in call["parties"])} - {None}


def _kind(trace: CallTrace) -> str:
    if trace.of_type(CallbackStarted):
        return "callback"
    return "citizen" if trace.is_citizens else "internal"


def _caller(trace: CallTrace, facts: CallFacts) -> str:
    callback_events = trace.of_type(CallbackStarted)
    return callback_events[0].number if callback_events else facts.caller()


def _number_and_name(trace: CallTrace, facts: CallFacts, registry: Registry, today: datetime) -> tuple[str, str]:
    number = facts.dialled()
    entry = registry.entry(number, today.date())
    if entry is None and trace.of_type(CallbackStarted):
        entry = registry.hotline
        number = entry.number
    return number, entry.name if entry else ""


def _stage(trace: CallTrace, channels: Channels, legs: Sequence[Leg], *, answered: bool) -> str:
    callers_channel = next((channel for channel in channels if channel["uniqueid"] == trace.call_id), None)
    if callers_channel is None:
        return "talking" if answered else "ended"
    seats = [channel for channel in channels if channel["endpoint"] not in ("", "carrier") and channel["state"] == "up"]
    third_parties = [leg for leg in legs if leg.kind in _THIRD_PARTIES]
    if seats and callers_channel["bridge"]:
        held_channels = {
            traced.uniqueid: traced.event.held for traced in trace.events if isinstance(traced.event, CallHeld)
        }
        if any(held_channels.get(channel["uniqueid"]) for channel in seats):
            return "held"
        in_same_bridge = [channel for channel in channels if channel["bridge"] == callers_channel["bridge"]]
        if not any(channel in in_same_bridge for channel in seats):
            return "consulting" if third_parties else "held"
        return "three-way" if any(leg.answered_at for leg in third_parties) and len(in_same_bridge) > 2 else "talking"
    if callers_channel["bridge"] and answered:
        return "talking"
    if any(leg.kind in _SEATS and leg.answered_at is None for leg in legs):
        return "ringing"
    return _STAGES.get(callers_channel["application"], "menu")


def _utterance_views(trace: CallTrace, facts: CallFacts, registry: Registry, today: datetime) -> list[dict[str, Any]]:
    topics = {event.target: event.topic for event in trace.of_type(SpeechHeard) if event.topic}
    return [
        {
            "text": utterance.text,
            "decision": utterance.decision.value,
            "target": utterance.target,
            "taken_for": topics.get(utterance.target) or _target_name(utterance.target, registry, today),
            "confidence": utterance.confidence,
        }
        for utterance in facts.utterances()
    ]


def _answer(event: AnswerPlayed) -> dict[str, Any]:
    return {"article": event.article, "title": event.title, "seconds": event.seconds, "length": event.length}


def _target_name(target: str, registry: Registry, today: datetime) -> str:
    menu, _colon, key = target.partition(":")
    if key and menu in registry.menus:
        return next((choice.topic for choice in registry.menus[menu].choices if choice.key == key), "")
    entry = registry.entry(target, today.date())
    linkage = registry.linkage.get(target)
    name = entry.name if entry else linkage.name if linkage else ""
    return f"{target} {name}".strip()


def _emergency(trace: CallTrace, facts: CallFacts) -> str:
    start_events = trace.of_type(EmergencyStarted)
    if start_events:
        return start_events[-1].number
    return facts.speech.target if facts.speech and facts.speech.decision in _EMERGENCIES else ""


def _party(leg: Leg, registry: Registry, today: datetime) -> dict[str, Any]:
    seat = registry.seats.get(leg.target)
    kind = "seat" if leg.kind in _SEATS else (leg.party or leg.kind).value
    return {
        "party": leg.target,
        "kind": kind,
        "name": seat.name if seat else _target_name(leg.target, registry, today).partition(" ")[2],
        "state": "up" if leg.answered_at else "ringing",
        "since": json_time(leg.answered_at or leg.started_at),
    }


def _recording(trace: CallTrace, *, answered: bool) -> str:
    if not answered or not trace.of_type(RecordingStarted):
        return "off"
    pauses = trace.of_type(RecordingPaused)
    return "paused" if pauses and pauses[-1].paused else "on"
