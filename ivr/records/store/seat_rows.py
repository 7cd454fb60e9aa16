"""The events of seats, and their talks, for reports."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from ivr.call_events.values import PartyKind
from ivr.records.derive.record_parts import LegKind, LegResult
from ivr.records.derive.seat_events import SeatEvent, SeatEventKind
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import CALLBACK_ATTEMPTS, CALLS, LEGS, SEAT_EVENTS

_LONGEST_CALL = timedelta(days=1)
_STATES = ((SeatEventKind.SIGNED_IN, SeatEventKind.SIGNED_OUT), (SeatEventKind.BUSY, SeatEventKind.READY))
_AT_SEATS = [LegKind.GENERAL.value, LegKind.ENTERPRISE.value, LegKind.EXPERT.value]
_SEATS_CONSULTED = [PartyKind.SEAT.value, PartyKind.EXPERT.value]


class SeatTalk(NamedTuple):
    """One talk of a seat."""

    seat: str
    begin: datetime
    end: datetime | None  # None while it lasts
    group: str  # in whose queue the citizen waited; "" of a consult, of a callback, and without a queue
    is_callback: bool


def put(connection: Connection, events: Sequence[tuple[str, SeatEvent]]) -> None:
    """Store seat events, each with the digest of its line; an event that is stored already stays unchanged."""
    rows = [{"digest": digest, **asdict(event), "kind": event.kind.value} for digest, event in events]
    insert(connection, SEAT_EVENTS, rows, skip_existing=True)


def seat_events(database: Database, since: datetime, until: datetime) -> list[SeatEvent]:
    """Return the events of seats in this time, in order, after the last earlier events that set the seats' states.

    Args:
        database: the call database.
        since: aware.
        until: aware; not included.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    columns = SEAT_EVENTS.c
    fields = (columns.at, columns.seat, columns.kind, columns.group, columns.reason)
    query = select(*fields).where(columns.at >= since, columns.at < until).order_by(columns.id)
    with database.begin() as connection:
        last_event_ids = [
            newest
            for kinds in _STATES
            for newest in connection.scalars(
                select(func.max(columns.id))
                .where(columns.at < since, columns.kind.in_([kind.value for kind in kinds]))
                .group_by(columns.seat, columns.group)
            )
        ]
        earlier = connection.execute(select(*fields).where(columns.id.in_(last_event_ids)).order_by(columns.id)).all()
        rows = [*earlier, *connection.execute(query)]
    return [SeatEvent(row.at, row.seat, SeatEventKind(row.kind), row.group, row.reason) for row in rows]


def seat_talks(database: Database, since: datetime, until: datetime) -> list[SeatTalk]:
    """Return the talks of seats that lasted in this time, consults at seats and callbacks among them.

    Args and Raises as `seat_events`.
    """
    calls, legs, attempts = CALLS.c, LEGS.c, CALLBACK_ATTEMPTS.c
    at_a_seat = legs.kind.in_(_AT_SEATS)
    is_consult = (legs.kind == LegKind.CONSULT.value) & legs.party.in_(_SEATS_CONSULTED)
    talks_on_calls = (
        select(legs.target, legs.answered_at, legs.ended_at, calls.queue, at_a_seat)
        .join_from(CALLS, LEGS, calls.call_id == legs.call_id)
        .where(calls.started_at >= since - _LONGEST_CALL, calls.started_at < until)
        .where(legs.result == LegResult.ANSWERED.value, legs.answered_at < until, at_a_seat | is_consult)
        .where(legs.ended_at.is_(None) | (legs.ended_at > since))
    )
    talks_on_callbacks = (
        select(attempts.seat, attempts.answered_at, attempts.ended_at)
        .where(attempts.started_at >= since - _LONGEST_CALL, attempts.answered_at < until)
        .where(attempts.ended_at.is_(None) | (attempts.ended_at > since))
    )
    with database.begin() as connection:
        talks = [
            SeatTalk(seat, begin, end, (queue or "") if is_citizens_call else "", is_callback=False)
            for seat, begin, end, queue, is_citizens_call in connection.execute(talks_on_calls)
        ]
        talks += [SeatTalk(*row, group="", is_callback=True) for row in connection.execute(talks_on_callbacks)]
    return sorted(talks, key=lambda talk: (talk.begin, talk.seat))
