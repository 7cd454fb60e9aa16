"""A call record from the events of one call. Pure: the same events give the same record."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from ivr.asterisk.logs.cel import CelEvent, CelEventType
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.codec import decode
from ivr.call_events.values import REFUSALS, Reason, SeatKind
from ivr.call_events.vocabulary import (
    AgentWatched,
    CallbackStarted,
    CallEvent,
    CallRated,
    ConsultStarted,
    EmergencyStarted,
    FallbackTaken,
    KeyPressed,
    MessageLeft,
    RecordingPaused,
    RecordingStarted,
    RouteChosen,
    SeatIdentified,
    SpeechHeard,
    WorkOrderMade,
)
from ivr.records.derive.channels import channels_of
from ivr.records.derive.legs import Noted, Scene
from ivr.records.derive.record import CallRecord, Intent, Leg, LegKind, Outcome, WorkOrder
from ivr.records.derive.recordings import recording_of

FROM_CARRIER = "from-carrier"  # the dialplan context where the trunk's calls begin
_OF_AGENTS = (
    ConsultStarted,
    AgentWatched,
    SeatIdentified,
    CallbackStarted,
    RecordingStarted,
    RecordingPaused,
)  # notes that an agent's own call may have
_ORDER = {what: place for place, what in enumerate(CelEventType)}
_SEATED = {LegKind(kind): kind for kind in SeatKind}

N = TypeVar("N", bound=CallEvent)


def build(
    events: Iterable[CelEvent],
    queue: Iterable[QueueEvent],
    seats: Mapping[str, SeatKind],
    restarted_at: datetime | None = None,
) -> CallRecord | None:
    """Return the record of one call, or None where it is no citizen's: a feature code, or an agent who calls back.

    Args as `scene_of`.
    """
    scene = scene_of(events, queue, seats, restarted_at)
    return record_of(scene) if scene else None


def record_of(scene: Scene) -> CallRecord | None:
    """Return the record of one call, or None where it is no citizen's: a feature code, or an agent who calls back."""
    if scene.caller.context != FROM_CARRIER and all(isinstance(noted.note, _OF_AGENTS) for noted in scene.notes):
        return None
    return _record(scene)


def scene_of(
    events: Iterable[CelEvent],
    queue: Iterable[QueueEvent],
    seats: Mapping[str, SeatKind],
    restarted_at: datetime | None = None,
) -> Scene | None:
    """Return all that is known of one call; None of nothing.

    Args:
        events: all events of the call (one linkedid), in any order, doubles allowed.
        queue: all queue events of the caller's channel; those of one second in the order of the log.
        seats: what each seat is, for calls whose script could not say.
        restarted_at: when Asterisk was started the next time after the call's last event; such a call is over.
    """
    story = sorted(set(events), key=lambda event: (event.at, _ORDER[event.what], event.unique, event.name, event.extra))
    if not story:
        return None
    notes = [
        Noted(event.at, event.unique, note)
        for event in story
        if event.what is CelEventType.USER_DEFINED and (note := decode(event.name, event.extra)) is not None
    ]
    channels = channels_of(story)
    for noted in notes:
        if isinstance(noted.note, SeatIdentified) and noted.unique in channels:
            channels[noted.unique].peer = noted.note.seat  # who sits at the phone
    caller = channels.get(story[0].call) or channels[story[0].unique]
    ended = next((event.at for event in story if event.what is CelEventType.LINKEDID_END), None)
    return Scene(
        call_id=story[0].call,
        caller=caller,
        channels=channels,
        notes=notes,
        queue=sorted(dict.fromkeys(queue), key=lambda event: event.at),
        seats=seats,
        last_at=story[-1].at,
        over=ended is not None or restarted_at is not None,
    )


def _record(scene: Scene) -> CallRecord:
    call_id, caller, legs = scene.call_id, scene.caller, scene.legs()
    route = next(iter(_noted(scene, RouteChosen)), None)
    menus = [noted.note for noted in scene.notes if isinstance(noted.note, KeyPressed | SpeechHeard)]
    dialled = route.dialled if route else _plain(caller.exten)
    number = route.caller if route else _plain(caller.number)
    answer, heard = _first_answer(legs, _SEATED), _first_answer(legs, {*_SEATED, LegKind.LINKAGE})
    work_orders = _work_orders(scene, call_id, number)
    ended_at = caller.ended_at or scene.last_at
    return CallRecord(
        call_id=call_id,
        caller=number,
        dialled=dialled,
        line=route.line if route else dialled,
        mode=(route.mode or None) if route else None,
        path="/".join(filter(None, map(_step, menus))),
        topic=next((note.topic for note in reversed(menus) if note.topic), ""),
        gap=route.gap if route else False,
        intent=_intent(_noted(scene, SpeechHeard)),
        queue=_queue(scene),
        wait_s=_waited(scene.queue, ended_at if scene.over else None) + _waited_beside(scene, answer, ended_at),
        ring_s=round((answer[1] - answer[0].started_at).total_seconds(), 1) if answer else None,
        seat=answer[0].target if answer else None,
        seat_kind=_SEATED[answer[0].kind] if answer else None,
        started_at=caller.started_at,
        answered_at=heard[1] if heard else None,
        ended_at=ended_at if scene.over else None,
        outcome=_outcome(scene, answered=heard is not None, message=bool(_noted(scene, MessageLeft))),
        fallbacks=_reasons(scene),
        legs=legs,
        rating=next((note.level for note in reversed(_noted(scene, CallRated)) if 1 <= note.level <= 5), None),
        recording=recording_of(_noted(scene, RecordingStarted), scene.notes, legs, ended_at),
        work_orders=tuple({order.work_order: order for order in work_orders}.values()),
    )


def _work_orders(scene: Scene, call_id: str, caller: str) -> tuple[WorkOrder, ...]:
    """Return a work order for each message, and for each that an agent made."""
    orders = []
    for noted in scene.notes:
        match noted.note:
            case MessageLeft(order, number, unit, recording, seconds):
                orders.append(WorkOrder(order, call_id, caller, _plain(number), unit, recording, seconds, noted.at))
            case WorkOrderMade(order, number, unit):
                orders.append(WorkOrder(order, call_id, caller, _plain(number), unit, "", 0, noted.at))
    return tuple(orders)


def _step(note: KeyPressed | SpeechHeard) -> str:
    """Return one step of a call's path; "" for what only follows from the step before."""
    if isinstance(note, KeyPressed):
        return f"{note.menu}:{note.key or 'silence'}"
    return f"{note.menu}:speech" if note.decision.is_first else ""


def _intent(heard: Sequence[SpeechHeard]) -> Intent | None:
    if not heard:
        return None
    last = heard[-1]
    return Intent(last.text, last.decision, last.target, last.score, last.recognizer, last.milliseconds)


def _reasons(scene: Scene) -> tuple[Reason, ...]:
    return tuple(note.reason for note in _noted(scene, FallbackTaken))


def _noted(scene: Scene, kind: type[N]) -> list[N]:
    return [noted.note for noted in scene.notes if isinstance(noted.note, kind)]


def _first_answer(legs: Iterable[Leg], kinds: Collection[LegKind]) -> tuple[Leg, datetime] | None:
    """Return the leg of the human of these kinds who answered the caller first, and when."""
    answers = [(leg, leg.answered_at) for leg in legs if leg.kind in kinds and leg.answered_at]
    return min(answers, key=lambda answer: answer[1], default=None)


def _queue(scene: Scene) -> str | None:
    """Return the group that the caller waited for last."""
    waited = [event.group for event in scene.queue if event.what == "ENTERQUEUE"]
    waited += [emergency.group for emergency in _noted(scene, EmergencyStarted) if emergency.group]
    return waited[-1] if waited else None


def _waited_beside(scene: Scene, answer: tuple[Leg, datetime] | None, ended_at: datetime) -> int:
    """Return the seconds until an agent came to an emergency: a Local channel waits in the queue, not the caller."""
    for noted in scene.notes:
        if isinstance(noted.note, EmergencyStarted) and noted.note.group and (answer or scene.over):
            return max(0, int(((answer[1] if answer else ended_at) - noted.at).total_seconds()))
    return 0


def _waited(queue: Sequence[QueueEvent], ended_at: datetime | None) -> int:
    """Return the seconds in all queues. A queue that was never left was waited in until the end."""
    waited = sum(event.waited for event in queue if event.left)
    entered = [event.at for event in queue if event.what == "ENTERQUEUE"]
    if ended_at and len(entered) > sum(event.left for event in queue):
        waited += max(int((ended_at - entered[-1]).total_seconds()), 0)
    return waited


def _outcome(scene: Scene, *, answered: bool, message: bool) -> Outcome:
    caller = scene.caller
    if not scene.over:
        return Outcome.IN_PROGRESS
    if answered:
        return Outcome.ANSWERED
    if message:
        return Outcome.MESSAGE
    if REFUSALS.intersection(_reasons(scene)):
        return Outcome.REFUSED
    if Reason.CALLBACK in _reasons(scene) or caller.ended_by == caller.name:
        return Outcome.ABANDONED
    if any(event.what == "ABANDON" for event in scene.queue):
        return Outcome.ABANDONED
    return Outcome.REFUSED if caller.ended_at and not caller.answered_at else Outcome.FAILED


def _plain(number: str) -> str:
    """Return the digits of a number that nobody has checked yet, with a leading plus kept."""
    return "".join(re.findall(r"[0-9*#]|^\+", number))[:40]
