"""Who was at an agent's call without being called in: an expert who guides (专家指导), a supervisor (班长席)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.call_events.values import WatchAct
from ivr.call_events.vocabulary import AgentWatched
from ivr.records.derive.record import Leg, LegKind, Result

_KINDS = {
    WatchAct.LISTEN: LegKind.LISTEN,
    WatchAct.WHISPER: LegKind.WHISPER,
    WatchAct.JOIN: LegKind.JOIN,
    WatchAct.TAKE_OVER: LegKind.TAKE_OVER,
    WatchAct.HANG_UP: LegKind.HANG_UP,
}
_NOBODY = {WatchAct.BUSY: Result.BUSY, WatchAct.SILENT: Result.NO_ANSWER, WatchAct.AWAY: Result.UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a watcher does, or is asked to do, since when."""

    kind: LegKind
    asked_at: datetime
    answered_at: datetime | None


def watchers(notes: Sequence[tuple[datetime, AgentWatched]], ended_at: datetime | None) -> list[Leg]:
    """Return a leg for each thing that each watcher did.

    Args:
        notes: in order of time.
        ended_at: when the call was over; None while it lasts.
    """
    legs: list[Leg] = []
    begun: dict[str, tuple[AgentWatched, _Begun]] = {}
    for at, note in notes:
        watch, before = begun.pop(note.by, (note, None))
        if note.act is WatchAct.RING:
            begun[note.by] = note, _Begun(LegKind.WHISPER, at, None)
        elif note.act in _NOBODY:
            legs.append(_leg(note, before or _Begun(LegKind.WHISPER, at, None), _NOBODY[note.act], at))
        else:
            rung = before is not None and before.answered_at is None
            if before and (not rung or note.act is WatchAct.LEFT):
                legs.append(_leg(watch, before, Result.CANCELLED if rung else Result.ANSWERED, at))
            if note.act in _KINDS:
                asked_at = before.asked_at if before and rung else at
                begun[note.by] = note, _Begun(_KINDS[note.act], asked_at, at)
    for watch, open_ in begun.values():
        unanswered = Result.CANCELLED if ended_at else Result.RINGING
        legs.append(_leg(watch, open_, Result.ANSWERED if open_.answered_at else unanswered, ended_at))
    return legs


def _leg(watch: AgentWatched, begun: _Begun, result: Result, ended_at: datetime | None) -> Leg:
    since = begun.answered_at or begun.asked_at
    seconds = round(max((ended_at - since).total_seconds(), 0.0), 1) if ended_at else 0.0
    return Leg(begun.kind, watch.by, watch.role, result, seconds, begun.asked_at, begun.answered_at, ended_at)
