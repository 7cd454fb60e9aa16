"""The legs of consults that an agent makes on the second line of the phone. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ivr.call_events.values import SecondLineAct
from ivr.call_events.vocabulary import SecondLineConsult
from ivr.records.derive.record_parts import Leg, LegKind, LegResult

_NOT_REACHED = {
    SecondLineAct.BUSY: LegResult.BUSY,
    SecondLineAct.SILENT: LegResult.NO_ANSWER,
    SecondLineAct.AWAY: LegResult.UNAVAILABLE,
}


def second_line_legs(events: Sequence[tuple[datetime, SecondLineConsult]], ended_at: datetime | None) -> list[Leg]:
    """Return a leg for each consult.

    Args:
        events: with their times, in order of time.
        ended_at: when the call was over; None while it lasts.
    """
    legs: list[Leg] = []
    open_leg: Leg | None = None
    for at, event in events:
        if event.act is SecondLineAct.RING:
            legs += [_ended_leg(open_leg, at)] if open_leg else []
            open_leg = Leg(LegKind.CONSULT, event.target, event.party, LegResult.RINGING, 0.0, at, None, None)
        elif open_leg and event.act is SecondLineAct.ANSWERED:
            open_leg = replace(open_leg, result=LegResult.ANSWERED, answered_at=at)
        elif open_leg:
            legs.append(_ended_leg(open_leg, at, _NOT_REACHED.get(event.act, LegResult.CANCELLED)))
            open_leg = None
    if open_leg:
        legs.append(_ended_leg(open_leg, ended_at) if ended_at else open_leg)
    return legs


def _ended_leg(leg: Leg, at: datetime, unanswered: LegResult = LegResult.CANCELLED) -> Leg:
    since = leg.answered_at or leg.started_at
    seconds = round(max((at - since).total_seconds(), 0.0), 1)
    return replace(leg, result=leg.result if leg.answered_at else unanswered, seconds=seconds, ended_at=at)
