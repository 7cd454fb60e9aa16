"""The legs of a call: who was rung for whom, for how long, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.values import PartyKind, SeatKind
from ivr.call_events.vocabulary import (
    AgentWatched,
    CallEvent,
    ConsultStarted,
    EmergencyStarted,
    FallbackTaken,
    MessageLeft,
    OfferStarted,
)
from ivr.records.derive.channels import TRUNK, Channel
from ivr.records.derive.record import Leg, LegKind, Result
from ivr.records.derive.watchers import watchers

# Q.850 causes. Those not named, from the far side, are failures; none at all is our own giving up.
_BUSY = {17, 21}
_UNAVAILABLE = {1, 2, 3, 18, 20, 22, 27, 28, 29}
_GIVEN_UP = {0, 16, 19, 26}
_AT_ONCE = timedelta(seconds=0.5)  # what one hangup causes follows within this time
_UNREACHED = {"BUSY": Result.BUSY, "CANCEL": Result.CANCELLED}  # Dial's words where it made no channel


@dataclass(frozen=True, slots=True)
class Noted:
    """A note, and when and on which channel it was left."""

    at: datetime
    unique: str
    note: CallEvent


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is known of one call: what its legs are read from."""

    call_id: str  # Asterisk's linkedid
    caller: Channel
    channels: Mapping[str, Channel]
    notes: Sequence[Noted]  # in order of time
    queue: Sequence[QueueEvent]
    seats: Mapping[str, SeatKind]
    last_at: datetime  # the last thing known
    over: bool

    def legs(self) -> tuple[Leg, ...]:
        """Return the legs in the order in which they began."""
        others = [channel for channel in self.channels.values() if channel is not self.caller]
        rung = [channel for channel in others if not channel.is_local and not channel.came]
        openers = {channel.unique: self._opener(channel.started_at) for channel in rung}
        legs = [self._leg(channel, openers[channel.unique]) for channel in rung]
        legs += self._unrung(
            [opener for channel in rung if (opener := openers[channel.unique]) and _is_for(channel, opener)]
        )
        legs += watchers(
            [(noted.at, noted.note) for noted in self.notes if isinstance(noted.note, AgentWatched)],
            self.caller.ended_at or (self.last_at if self.over else None),
        )
        legs += [_message(noted.at, noted.note) for noted in self.notes if isinstance(noted.note, MessageLeft)]
        return tuple(sorted(legs, key=lambda leg: (leg.started_at, leg.kind, leg.target)))

    def _opener(self, at: datetime) -> Noted | None:
        """Return the note that says for whom a channel rings that began at this moment."""
        latest = None
        for noted in self.notes:
            if noted.at > at:
                break
            if isinstance(noted.note, OfferStarted | ConsultStarted | EmergencyStarted):
                latest = noted
            elif isinstance(noted.note, FallbackTaken):
                latest = None
        return latest

    def _leg(self, channel: Channel, opener: Noted | None) -> Leg:
        party = None
        match opener.note if opener else None:
            case ConsultStarted() as consult:
                kind, target, party = LegKind.CONSULT, consult.target, consult.party
            case EmergencyStarted(number=number) if channel.peer == TRUNK:
                kind, target = LegKind.LINKAGE, number
            case OfferStarted(kind=SeatKind.CENTER, target=number) if channel.peer == TRUNK:
                kind, target = LegKind.CENTER, number
            case OfferStarted(kind=offered) if channel.peer != TRUNK and offered is not SeatKind.CENTER:
                kind, target = LegKind(offered), channel.peer
            case _ if channel.peer == TRUNK:
                kind, target = LegKind.CENTER, channel.number
            case _:
                kind, target = LegKind(self.seats.get(channel.peer, SeatKind.GENERAL)), channel.peer
        ended_at = channel.ended_at or (self.last_at if self.over else None)
        spent = (ended_at or self.last_at) - (channel.answered_at or channel.started_at)
        return Leg(
            kind=kind,
            target=target,
            party=party,
            result=self._result(channel, opener),
            seconds=_seconds(spent),
            started_at=channel.started_at,
            answered_at=channel.answered_at,
            ended_at=ended_at,
        )

    def _result(self, channel: Channel, opener: Noted | None) -> Result:
        if channel.answered_at:
            return Result.ANSWERED
        if channel.ended_at is None:
            return Result.FAILED if self.over else Result.RINGING
        if channel.cause in _BUSY:
            return Result.BUSY
        if channel.cause in _UNAVAILABLE:
            return Result.UNAVAILABLE
        if channel.cause not in _GIVEN_UP:
            return Result.FAILED
        return Result.CANCELLED if self._was_cancelled(channel, channel.ended_at, opener) else Result.NO_ANSWER

    def _was_cancelled(self, channel: Channel, ended_at: datetime, opener: Noted | None) -> bool:
        """Say whether a phone stopped ringing because of the others in the call, not of its own time."""
        if opener and isinstance(opener.note, ConsultStarted):
            asking = self.channels.get(opener.unique)
            return asking is not None and asking.dial_status == "CANCEL"
        if self.caller.ended_at and abs(self.caller.ended_at - ended_at) < _AT_ONCE:
            return True
        others = (other for other in self.channels.values() if other is not self.caller)
        if any(other.answered_at and abs(other.answered_at - ended_at) < _AT_ONCE for other in others):
            return True
        second = timedelta(seconds=1)
        return any(
            event.what == "RINGCANCELED" and event.agent == channel.peer and -second < event.at - ended_at < second
            for event in self.queue
        )

    def _unrung(self, rung: Iterable[Noted]) -> list[Leg]:
        """Return a leg for each consult, center and service that was asked for without so much as a channel."""
        used = set(rung)
        legs = []
        for position, noted in enumerate(self.notes):
            if noted in used:
                continue
            match noted.note:
                case ConsultStarted(target=target, party=party):
                    asking = self.channels.get(noted.unique)
                    if asking and asking.ended_at:
                        result = _UNREACHED.get(asking.dial_status, Result.UNAVAILABLE)
                        legs.append(_unreached(LegKind.CONSULT, target, party, result, noted.at))
                case EmergencyStarted(number=number) if self.over:
                    legs.append(_unreached(LegKind.LINKAGE, number, None, Result.UNAVAILABLE, noted.at))
                case OfferStarted(kind=SeatKind.CENTER, target=number):
                    following = (later.note for later in self.notes[position + 1 :])
                    if isinstance(next(following, None), FallbackTaken):
                        legs.append(_unreached(LegKind.CENTER, number, None, Result.UNAVAILABLE, noted.at))
        return legs


def _is_for(channel: Channel, opener: Noted) -> bool:
    """Say whether a channel is the one that its note is about; beside an emergency service, seats are rung, too."""
    return channel.peer == TRUNK or not isinstance(opener.note, EmergencyStarted)


def _unreached(kind: LegKind, target: str, party: PartyKind | None, result: Result, at: datetime) -> Leg:
    return Leg(kind, target, party, result, 0.0, at, None, at)


def _message(at: datetime, note: MessageLeft) -> Leg:
    began = at - timedelta(seconds=note.seconds)
    return Leg(LegKind.MESSAGE, note.work_order, None, Result.RECORDED, float(note.seconds), began, None, at)


def _seconds(span: timedelta) -> float:
    return round(max(span.total_seconds(), 0.0), 1)
