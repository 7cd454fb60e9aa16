"""The legs of watchers: an expert who guides (专家指导), a supervisor (班长席) at an agent's call. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.call_events.values import WatchAct
from ivr.call_events.vocabulary import AgentWatched
from ivr.records.derive.record_parts import Leg, LegKind, LegResult

_KINDS = {
    WatchAct.LISTEN: LegKind.LISTEN,
    WatchAct.WHISPER: LegKind.WHISPER,
    WatchAct.JOIN: LegKind.JOIN,
    WatchAct.TAKE_OVER: LegKind.TAKE_OVER,
    WatchAct.HANG_UP: LegKind.HANG_UP,
}
_NOT_REACHED = {
    WatchAct.BUSY: LegResult.BUSY,
    WatchAct.SILENT: LegResult.NO_ANSWER,
    WatchAct.AWAY: LegResult.UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class _OpenAct:
    """The act that a watcher carries out now, or is rung for."""

    event: AgentWatched
    kind: LegKind
    asked_at: datetime
    answered_at: datetime | None  # None while the watcher's phone rings

    def leg(self, result: LegResult, ended_at: datetime | None) -> Leg:
        since = self.answered_at or self.asked_at
        seconds = round(max((ended_at - since).total_seconds(), 0.0), 1) if ended_at else 0.0
        event = self.event
        return Leg(self.kind, event.by, event.role, result, seconds, self.asked_at, self.answered_at, ended_at)


def watch_legs(events: Sequence[tuple[datetime, AgentWatched]], ended_at: datetime | None) -> list[Leg]:
    """Return a leg for each act of each watcher.

    Args:
        events: with their times, in order of time.
        ended_at: when the call was over; None while it lasts.
    """
    legs: list[Leg] = []
    open_acts: dict[str, _OpenAct] = {}
    for at, event in events:
        earlier = open_acts.pop(event.by, None)
        if event.act is WatchAct.RING:
            open_acts[event.by] = _OpenAct(event, LegKind.WHISPER, at, None)
        elif event.act in _NOT_REACHED:
            rung = earlier or _OpenAct(event, LegKind.WHISPER, at, None)
            legs.append(rung.leg(_NOT_REACHED[event.act], at))
        else:
            rings = earlier is not None and earlier.answered_at is None
            if earlier and (not rings or event.act is WatchAct.LEFT):
                legs.append(earlier.leg(LegResult.CANCELLED if rings else LegResult.ANSWERED, at))
            if event.act in _KINDS:
                asked_at = earlier.asked_at if earlier and rings else at
                open_acts[event.by] = _OpenAct(event, _KINDS[event.act], asked_at, at)
    unanswered = LegResult.CANCELLED if ended_at else LegResult.RINGING
    legs += [act.leg(LegResult.ANSWERED if act.answered_at else unanswered, ended_at) for act in open_acts.values()]
    return legs
