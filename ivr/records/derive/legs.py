"""The legs of a call: each rung party, its ringing time, and its result. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ivr.call_events.values import PartyKind, SeatKind
from ivr.call_events.vocabulary import (
    AgentWatched,
    ConsultStarted,
    EmergencyStarted,
    FallbackTaken,
    MessageLeft,
    OfferStarted,
    SecondLineConsult,
)
from ivr.records.derive.call_channels import CallChannel
from ivr.records.derive.call_trace import CallTrace, TracedEvent
from ivr.records.derive.record_parts import Leg, LegKind, LegResult
from ivr.records.derive.second_line_legs import second_line_legs
from ivr.records.derive.watch_legs import watch_legs

# Q.850 causes of a hangup. A cause that is not named here is a failure of the far side.
_BUSY = {17, 21}
_UNAVAILABLE = {1, 2, 3, 18, 20, 22, 27, 28, 29}
_STOPPED_RINGING = {0, 16, 19, 26}
_AT_ONCE = timedelta(seconds=0.5)  # hangups that one hangup causes follow within this time
_SECOND = timedelta(seconds=1)
_NEVER_RANG = {"BUSY": LegResult.BUSY, "CANCEL": LegResult.CANCELLED}  # DIALSTATUS of a Dial that created no channel


def legs_of(call: CallTrace) -> tuple[Leg, ...]:
    """Return the legs of a call in the order in which they began."""
    legs = []
    origins_with_channel = set()
    for channel in call.channels.values():
        if channel is call.caller or channel.is_local or channel.joined or channel.is_between_nodes:
            continue
        if _continues_another_channel(call, channel):
            continue
        origin = _originating_event(call, channel.started_at)
        legs.append(_leg_of_channel(call, channel, origin))
        if origin and (channel.is_trunk or not isinstance(origin.event, EmergencyStarted)):
            origins_with_channel.add(
                origin
            )  # because the seats that ring beside an emergency service are not the service
    legs += _legs_without_a_channel(call, origins_with_channel)
    ended_at = call.caller.ended_at or (call.last_at if call.is_over else None)
    if call.of_type(AgentWatched):
        watched = [(traced.at, traced.event) for traced in call.events if isinstance(traced.event, AgentWatched)]
        legs += watch_legs(watched, ended_at)
    if call.of_type(SecondLineConsult):
        consulted = [(traced.at, traced.event) for traced in call.events if isinstance(traced.event, SecondLineConsult)]
        legs += second_line_legs(consulted, ended_at)
    if call.of_type(MessageLeft):
        legs += [
            _leg_of_message(traced.at, traced.event) for traced in call.events if isinstance(traced.event, MessageLeft)
        ]
    return tuple(sorted(legs, key=lambda leg: (leg.started_at, leg.kind, leg.target)))


def _originating_event(call: CallTrace, at: datetime) -> TracedEvent | None:
    """Return the offer, consult or emergency for which a channel rings that began at ``at``."""
    latest = None
    for traced in call.events:
        if traced.at > at:
            break
        if isinstance(traced.event, OfferStarted | ConsultStarted | EmergencyStarted):
            latest = traced
        elif isinstance(traced.event, FallbackTaken):
            latest = None
    return latest


def _leg_of_channel(call: CallTrace, channel: CallChannel, origin: TracedEvent | None) -> Leg:
    party = None
    match origin.event if origin else None:
        case ConsultStarted() as consult:
            kind, target, party = LegKind.CONSULT, consult.target, consult.party
        case EmergencyStarted(number=number) if channel.is_trunk:
            kind, target = LegKind.LINKAGE, number
        case OfferStarted(kind=SeatKind.CENTER, target=number) if channel.is_trunk:
            kind, target = LegKind.CENTER, number
        case OfferStarted(kind=offered) if not channel.is_trunk and offered is not SeatKind.CENTER:
            kind, target = LegKind(offered), channel.peer
        case _ if channel.is_trunk:
            kind, target = LegKind.CENTER, channel.number
        case _:
            kind, target = LegKind(call.seats.get(channel.peer, SeatKind.GENERAL)), channel.peer
    ended_at = _last_channel_of_phone(call, channel).ended_at or (call.last_at if call.is_over else None)
    return Leg(
        kind=kind,
        target=target,
        party=party,
        result=_result_of_channel(call, channel, origin),
        seconds=_seconds((ended_at or call.last_at) - (channel.answered_at or channel.started_at)),
        started_at=channel.started_at,
        answered_at=channel.answered_at,
        ended_at=ended_at,
    )


def _follows(channel: CallChannel, other: CallChannel) -> bool:
    """Return whether a channel rang a phone that was already in the call, because its page was reloaded."""
    return (
        other.peer == channel.peer
        and not channel.is_trunk
        and other.answered_at is not None
        and other.answered_at < channel.started_at
        and (other.ended_at is None or channel.started_at < other.ended_at)
    )


def _continues_another_channel(call: CallTrace, channel: CallChannel) -> bool:
    return any(_follows(channel, other) for other in call.channels.values())


def _last_channel_of_phone(call: CallTrace, channel: CallChannel) -> CallChannel:
    """Return the channel by which the phone was in the call at last."""
    later = (other for other in call.channels.values() if other.answered_at and _follows(other, channel))
    following = next(later, None)
    return _last_channel_of_phone(call, following) if following else channel


def _result_of_channel(call: CallTrace, channel: CallChannel, origin: TracedEvent | None) -> LegResult:
    if channel.answered_at:
        return LegResult.ANSWERED
    if channel.ended_at is None:
        return LegResult.FAILED if call.is_over else LegResult.RINGING
    if channel.cause in _BUSY:
        return LegResult.BUSY
    if channel.cause in _UNAVAILABLE:
        return LegResult.UNAVAILABLE
    if channel.cause not in _STOPPED_RINGING:
        return LegResult.FAILED
    return LegResult.CANCELLED if _was_cancelled(call, channel, channel.ended_at, origin) else LegResult.NO_ANSWER


def _was_cancelled(call: CallTrace, channel: CallChannel, ended_at: datetime, origin: TracedEvent | None) -> bool:
    """Return whether a phone stopped ringing because of another channel, not because its ringing time was over."""
    if origin and isinstance(origin.event, ConsultStarted):
        consult_channel = call.channels.get(origin.uniqueid)
        return consult_channel is not None and consult_channel.dial_status == "CANCEL"
    if call.caller.ended_at and abs(call.caller.ended_at - ended_at) < _AT_ONCE:
        return True
    other_channels = (
        other for other in call.channels.values() if other is not call.caller and not other.is_between_nodes
    )
    if any(other.answered_at and abs(other.answered_at - ended_at) < _AT_ONCE for other in other_channels):
        return True
    return any(
        event.type == "RINGCANCELED" and event.agent == channel.peer and -_SECOND < event.at - ended_at < _SECOND
        for event in call.queue_events
    )


def _legs_without_a_channel(call: CallTrace, origins_with_channel: Iterable[TracedEvent]) -> list[Leg]:
    """Return a leg for each consult, center and emergency service for which Asterisk created no channel."""
    legs = []
    for position, traced in enumerate(call.events):
        if traced in origins_with_channel:
            continue
        match traced.event:
            case ConsultStarted(target=target, party=party):
                consult_channel = call.channels.get(traced.uniqueid)
                if consult_channel and consult_channel.ended_at:
                    result = _NEVER_RANG.get(consult_channel.dial_status, LegResult.UNAVAILABLE)
                    legs.append(_leg_that_never_rang(LegKind.CONSULT, target, party, result, traced.at))
            case EmergencyStarted(number=number) if call.is_over:
                legs.append(_leg_that_never_rang(LegKind.LINKAGE, number, None, LegResult.UNAVAILABLE, traced.at))
            case OfferStarted(kind=SeatKind.CENTER, target=number):
                following = (later.event for later in call.events[position + 1 :])
                if isinstance(next(following, None), FallbackTaken):
                    legs.append(_leg_that_never_rang(LegKind.CENTER, number, None, LegResult.UNAVAILABLE, traced.at))
    return legs


def _leg_that_never_rang(kind: LegKind, target: str, party: PartyKind | None, result: LegResult, at: datetime) -> Leg:
    return Leg(kind, target, party, result, 0.0, at, None, at)


def _leg_of_message(at: datetime, event: MessageLeft) -> Leg:
    began = at - timedelta(seconds=event.seconds)
    return Leg(LegKind.MESSAGE, event.work_order, None, LegResult.RECORDED, float(event.seconds), began, None, at)


def _seconds(span: timedelta) -> float:
    return round(max(span.total_seconds(), 0.0), 1)
