"""Rebuilding the records of some calls from their events."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, func, select

from ivr.asterisk.logs import cel, queuelog
from ivr.asterisk.logs.cel import CelEvent
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.values import SeatKind
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.call_trace import trace_of
from ivr.records.derive.callback_attempt import callback_attempt_of
from ivr.records.derive.clock_steps import correct_clock_steps
from ivr.records.derive.derived_record import record_of
from ivr.records.derive.event_attribution import of_call, reattributed
from ivr.records.derive.record_parts import Outcome
from ivr.records.ingest.parsed_lines import CEL, CallEvents
from ivr.records.store import row_mapping
from ivr.records.store.bulk_insert import insert_columns
from ivr.records.store.given_ids import given, ids
from ivr.records.store.row_mapping import MappedField
from ivr.records.store.schema import (
    ASTERISK_STARTS,
    CALL_FIELDS,
    CALLBACK_ATTEMPT_FIELDS,
    CALLBACK_ATTEMPTS,
    CALLS,
    LEG_FIELDS,
    LEGS,
    RAW_EVENTS,
    UTTERANCE_FIELDS,
    UTTERANCES,
    WORK_ORDER_FIELDS,
    WORK_ORDERS,
)

E = TypeVar("E", CelEvent, QueueEvent)

_SECOND = timedelta(seconds=1)  # queue_log has the starts of Asterisk to the second
_RAW = RAW_EVENTS.c
# Built once, because building a statement takes longer than the database needs for it.
_STARTS = select(ASTERISK_STARTS).order_by(ASTERISK_STARTS.c.at)
_COUNTS = select(_RAW.call_id, func.count()).where(given(_RAW.call_id), _RAW.problem.is_(None)).group_by(_RAW.call_id)
_LINES = (
    select(_RAW.source, _RAW.call_id, _RAW.line).where(given(_RAW.call_id), _RAW.problem.is_(None)).order_by(_RAW.id)
)
_DELETE = [
    delete(table).where(given(table.c.call_id)) for table in (UTTERANCES, LEGS, WORK_ORDERS, CALLS, CALLBACK_ATTEMPTS)
]


def node_of(call_id: str) -> str:
    """Return the node whose Asterisk gave a call its id, ``node-1767000000.12``; "" if the id names no node."""
    return call_id.rpartition("-")[0]


def unfinished_before(connection: Connection, start: datetime, node: str = "") -> set[str]:
    """Return the calls that are over because the Asterisk of their node started at ``start``.

    Without a node there is one Asterisk, and all calls are calls of that Asterisk.
    """
    calls, attempts = CALLS.c, CALLBACK_ATTEMPTS.c
    in_progress = (calls.outcome == Outcome.IN_PROGRESS.value) & (calls.started_at < start + _SECOND)
    ringing = attempts.ended_at.is_(None) & (attempts.started_at < start + _SECOND)
    unfinished = {
        *connection.scalars(select(calls.call_id).where(in_progress)),
        *connection.scalars(select(attempts.call_id).where(ringing)),
    }
    return {call_id for call_id in unfinished if node in ("", node_of(call_id))}


def rebuild(
    connection: Connection,
    call_ids: Collection[str],
    new_events: Mapping[str, CallEvents],
    seats: Mapping[str, SeatKind],
    *,
    known: bool = True,
) -> list[CallRecord]:
    """Derive the records of some calls again from their events; store and return the records.

    Args:
        connection: in a transaction in which the lines of the new events are stored.
        call_ids: the calls.
        new_events: the events of the lines that were just read, by call id.
        seats: the kind of each seat.
        known: whether some of the new events may have been stored before.
    """
    events, older = _all_events(connection, call_ids, new_events)
    starts: dict[str, list[datetime]] = defaultdict(list)
    for node, at in connection.execute(_STARTS):
        starts[node].append(at)
    records, attempts = [], []
    for call_id, its_events in events.items():
        trace = trace_of(
            _corrected(its_events.cel, lambda event: node_of(event.uniqueid)),
            _corrected(its_events.queue, lambda event: node_of(event.callid)),
            seats,
            _next_start(starts, node_of(call_id), its_events.cel),
        )
        if trace and trace.is_citizens:
            records.append(record_of(trace))
        elif trace and (attempt := callback_attempt_of(trace)):
            attempts.append(attempt)
    if with_records := call_ids if known else older:
        for statement in _DELETE:
            connection.execute(statement, ids(with_records))
    insert_columns(connection, CALLS, row_mapping.to_columns(CALL_FIELDS, records))
    legs = [(record.call_id, record.legs) for record in records]
    insert_columns(connection, LEGS, _columns_in_order(LEG_FIELDS, legs))
    utterances = [(record.call_id, record.utterances) for record in records]
    insert_columns(connection, UTTERANCES, _columns_in_order(UTTERANCE_FIELDS, utterances))
    orders = [order for record in records for order in record.work_orders]
    insert_columns(connection, WORK_ORDERS, row_mapping.to_columns(WORK_ORDER_FIELDS, orders))
    insert_columns(connection, CALLBACK_ATTEMPTS, row_mapping.to_columns(CALLBACK_ATTEMPT_FIELDS, attempts))
    return records


def _corrected(events: Iterable[E], written_by: Callable[[E], str]) -> list[E]:
    """Correct the clock steps of each node for itself, because the lines of two nodes are stored in no common order."""
    events = list(events)
    if len(set(map(written_by, events))) < 2:
        return correct_clock_steps(events)
    by_node: dict[str, list[E]] = defaultdict(list)
    for event in events:
        by_node[written_by(event)].append(event)
    return [event for its_events in by_node.values() for event in correct_clock_steps(its_events)]


def _all_events(
    connection: Connection, call_ids: Collection[str], new_events: Mapping[str, CallEvents]
) -> tuple[dict[str, CallEvents], list[str]]:
    """Return all events of the calls, and the calls whose older events were read from the database."""
    older: list[str] = []
    events: dict[str, CallEvents] = {}
    for call_id, count in connection.execute(_COUNTS, ids(call_ids)):
        if call_id in new_events and len(new_events[call_id]) == count:
            events[call_id] = new_events[call_id]
        else:
            older.append(call_id)
            events[call_id] = CallEvents()
    if older:
        for source, call_id, line in connection.execute(_LINES, ids(older)):
            if source == CEL:
                if event := of_call(reattributed(cel.parse(line)), call_id):
                    events[call_id].cel.append(event)
            else:
                events[call_id].queue.append(queuelog.parse(line))
    return events, older


def _next_start(starts: Mapping[str, Sequence[datetime]], node: str, events: Sequence[CelEvent]) -> datetime | None:
    """Return the next start of a node's Asterisk after the last event there; None if there is no such start or event.

    ``starts`` has the starts of each node in order; those without a node count for every node.
    """
    last = max((event.at for event in events if node_of(event.uniqueid) == node), default=None)
    if last is None:
        return None
    second = last.replace(microsecond=0)
    of_both = (starts.get("", ()), starts.get(node, ()))
    return min((known[at] for known in of_both if (at := bisect_left(known, second)) < len(known)), default=None)


def _columns_in_order(
    mapped: Sequence[MappedField], of_calls: Iterable[tuple[str, Sequence[object]]]
) -> dict[str, list[Any]]:
    """Return the columns of the ordered values of each call, with call id and position."""
    placed = [(call_id, at, value) for call_id, values in of_calls for at, value in enumerate(values)]
    return {
        "call_id": [call_id for call_id, _at, _value in placed],
        "position": [at for _call_id, at, _value in placed],
        **row_mapping.to_columns(mapped, [value for _call_id, _at, value in placed]),
    }
