"""The trace of one call: its channels, its call events and its queue events, put in order. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar

from ivr.asterisk.logs.cel import CelEvent, CelEventType
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.codec import decode
from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import (
    AgentWatched,
    CallbackSettled,
    CallbackStarted,
    CallEvent,
    CallHeld,
    ConsultStarted,
    HandedOver,
    RecordingPaused,
    RecordingStarted,
    SeatIdentified,
    SecondLineConsult,
)
from ivr.records.derive.call_channels import CallChannel, channels_of

FROM_CARRIER = "from-carrier"  # the dialplan context in which calls from the trunk begin
_NEXT_NODE = "next-node"  # context in which a node leaves a call to another node
_SERVED_ELSEWHERE = 126  # no cause of Q.850: the front ends a call with it that another node has taken meanwhile
_CANCELLED_BY_FRONT = 127  # Asterisk's cause for a CANCEL without a Reason header; the front writes 16 into a caller's
_ON_AN_AGENTS_CALL = (
    AgentWatched, CallbackSettled, CallbackStarted, CallHeld, ConsultStarted, HandedOver, RecordingPaused,
    RecordingStarted, SeatIdentified, SecondLineConsult,
)  # fmt: skip
_HANGUP, _USER_DEFINED, _LINKEDID_END = CelEventType.HANGUP, CelEventType.USER_DEFINED, CelEventType.LINKEDID_END
_ORDER = {event_type: place for place, event_type in enumerate(CelEventType)}

E = TypeVar("E", bound=CallEvent)


@dataclass(frozen=True, slots=True)
class TracedEvent:
    """A call event, its time, and the channel on which the script wrote it."""

    at: datetime
    uniqueid: str
    event: CallEvent


@dataclass(frozen=True, slots=True)
class CallTrace:
    """All events of one call."""

    call_id: str  # Asterisk's linkedid
    caller: CallChannel
    channels: Mapping[str, CallChannel]  # by unique id
    events: Sequence[TracedEvent]  # in order of time
    by_type: Mapping[type, Sequence[Any]]  # the call events of each type that came, in order of time
    queue_events: Sequence[QueueEvent]  # in order of time
    seats: Mapping[str, SeatKind]  # kind of each seat, for calls whose script wrote no offer
    last_at: datetime  # the time of the last event
    is_over: bool

    def of_type(self, event_type: type[E]) -> Sequence[E]:
        """Return the call events of one type, in order of time."""
        return self.by_type.get(event_type, ())

    @property
    def is_citizens(self) -> bool:
        """Whether the call is a citizen's; else it is an agent's feature code or callback."""
        return self.caller.context == FROM_CARRIER or not all(
            isinstance(traced.event, _ON_AN_AGENTS_CALL) for traced in self.events
        )


def trace_of(
    events: Iterable[CelEvent],
    queue_events: Iterable[QueueEvent],
    seats: Mapping[str, SeatKind],
    restarted_at: datetime | None = None,
) -> CallTrace | None:
    """Return the trace of one call, or None if there is no event, or if another node of a cluster took the call.

    Args:
        events: all CEL events of the call (one linkedid), in any order; an event may be in the list twice.
        queue_events: all queue events of the caller's channel; events of one second are in the order of the log.
        seats: the kind of each seat, for calls whose script wrote no offer.
        restarted_at: when Asterisk started the next time after the call's last event; such a call is over.
    """
    in_order = list(events)
    if not _is_in_order(in_order):
        in_order = sorted(set(in_order), key=_sort_key)
    if not in_order or any(event.type is _HANGUP and _is_of_another_node(event) for event in in_order):
        return None
    traced: list[TracedEvent] = []
    by_type: dict[type, list[CallEvent]] = {}
    for event in in_order:
        if event.type is _USER_DEFINED and (call_event := decode(event.name, event.extra)) is not None:
            traced.append(TracedEvent(event.at, event.uniqueid, call_event))
            by_type.setdefault(type(call_event), []).append(call_event)
    channels = channels_of(in_order)
    queue_events_in_order = sorted(dict.fromkeys(queue_events), key=lambda event: event.at)
    if not queue_events_in_order and _is_given_to_another_node(
        channels, in_order[0].linkedid, asterisk_restarted=restarted_at is not None
    ):
        return None
    if SeatIdentified in by_type:
        for traced_event in traced:
            if isinstance(traced_event.event, SeatIdentified) and traced_event.uniqueid in channels:
                channels[traced_event.uniqueid].peer = traced_event.event.seat
    first = in_order[0]
    ended = any(event.type is _LINKEDID_END for event in in_order)
    return CallTrace(
        call_id=first.linkedid,
        caller=channels.get(first.linkedid) or channels[first.uniqueid],
        channels=channels,
        events=traced,
        by_type=by_type,
        queue_events=queue_events_in_order,
        seats=seats,
        last_at=in_order[-1].at,
        is_over=ended or restarted_at is not None,
    )


def _is_of_another_node(hangup: CelEvent) -> bool:
    """Tell whether a channel ended because another node of a cluster has the call.

    The cause counts in a cluster only. On one machine it comes from the caller's side, and the call has a record.
    """
    if hangup.context == _NEXT_NODE:
        return True
    is_of_cluster = "-" in hangup.linkedid  # the name of the node is in the id
    is_callers = hangup.uniqueid == hangup.linkedid
    return is_of_cluster and is_callers and hangup.hangup_details().get("hangupcause") == _SERVED_ELSEWHERE


def _is_given_to_another_node(channels: Mapping[str, CallChannel], call_id: str, *, asterisk_restarted: bool) -> bool:
    """Tell whether the front of a cluster has given a call to another node, because this node did not answer in time.

    The front gives the call to another node also if this node died. So the other node makes the record. A node answers
    a call from a trunk, or rings a phone, before it does anything else with the call.
    """
    caller = channels.get(call_id)
    if caller is None:
        return False
    is_of_cluster = "-" in call_id  # the name of the node is in the id
    is_from_trunk = caller.context == FROM_CARRIER
    rang_a_phone = len(channels) > 1
    if not is_of_cluster or not is_from_trunk or rang_a_phone or caller.answered_at:
        return False
    return caller.cause == _CANCELLED_BY_FRONT if caller.ended_at else asterisk_restarted


def _is_in_order(events: Sequence[CelEvent]) -> bool:
    """Tell whether events are in order already, each of them once, as Asterisk writes nearly all calls."""
    return all(
        event.at < later.at or (event.at == later.at and _sort_key(event) < _sort_key(later))
        for event, later in pairwise(events)
    )


def _sort_key(event: CelEvent) -> tuple[datetime, int, str, str, str]:
    return event.at, _ORDER[event.type], event.uniqueid, event.name, event.extra
