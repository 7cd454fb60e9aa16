"""Makes call records for a test; by default the caller waits for an agent, who answers after 10 s."""

from datetime import datetime, timedelta

from ivr.call_events.values import PartyKind, Reason, SeatKind
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import Leg, LegKind, LegResult, Outcome, WorkOrder
from ivr.routing.calendar import CITY_TIME

CALLER = "13987654321"


def at(text: str) -> datetime:
    """Read a time on the city's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY_TIME)


def call(
    started: str = "2026-11-22T09:00",
    outcome: Outcome = Outcome.ANSWERED,
    *,
    dialled: str = "12345",
    mode: str | None = "hotline",
    gap: bool = False,
    wait: float = 10.0,
    menu: float | None = 0.0,
    talk: float = 60.0,
    queued: int | None = None,
    seat_kind: SeatKind = SeatKind.GENERAL,
    fallbacks: tuple[Reason, ...] = (),
    consults: tuple[LegResult, ...] = (),
    orders: int = 0,
    rating: int | None = None,
) -> CallRecord:
    began = at(started)
    answered = began + timedelta(seconds=wait) if outcome is Outcome.ANSWERED else None
    offered = None if menu is None else began + timedelta(seconds=menu)
    ended = None if outcome is Outcome.IN_PROGRESS else (answered or began) + timedelta(seconds=talk)
    legs = tuple(
        Leg(LegKind.CONSULT, "12313", PartyKind.CENTER, result, 1.0, began, None, ended) for result in consults
    )
    return CallRecord(
        call_id=f"made-{started}",
        caller=CALLER,
        dialled=dialled,
        line=dialled,
        mode=mode,
        path="",
        topic="",
        gap=gap,
        first_offer_at=offered,
        queue=None if queued is None else "general",
        wait_s=queued or 0,
        ring_s=None,
        seat="8001" if answered else None,
        seat_kind=seat_kind if answered else None,
        started_at=began,
        answered_at=answered,
        ended_at=ended,
        outcome=outcome,
        fallbacks=fallbacks,
        legs=legs,
        rating=rating,
        work_orders=tuple(WorkOrder(f"w{n}", "made", CALLER, dialled, "", "m.wav", 3, began) for n in range(orders)),
    )
