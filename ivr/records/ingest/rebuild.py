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
from ivr.records.derive.event_attribution import as_event_of_call, reattributed
from ivr.records.derive.record_parts import Outcome
from ivr.records.ingest.parsed_lines import CEL, CallEvents
from ivr.records.store import row_mapping
from ivr.records.store.bulk_insert import insert_columns
from ivr.records.store.id_list import id_list, in_id_list
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
_COUNTS = (
    select(_RAW.call_id, func.count()).where(in_id_list(_RAW.call_id), _RAW.problem.is_(None)).group_by(_RAW.call_id)
)
_LINES = (
    select(_RAW.source, _RAW.call_id, _RAW.line)
    .where(in_id_list(_RAW.call_id), _RAW.problem.is_(None))
    .order_by(_RAW.id)
)
_DELETE = [
    delete(table).where(in_id_list(table.c.call_id))
    for table in (UTTERANCES, LEGS, WORK_ORDERS, CALLS, CALLBACK_ATTEMPTS)
]


def node_of(call_id: str) -> str:
    """Return the node whose Asterisk gave a call its id, ``node-1767000000.12``; "" if the id names no node."""
    return call_id.rpartition("-")[0]


def calls_ended_by_start(connection: Connection, start: datetime, node: str = "") -> set[str]:
    """Return the unfinished calls that are over because the Asterisk of their node started at ``start``.

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
    stored_before: bool = True,
) -> list[CallRecord]:
    """Derive the records of some calls again from their events; store and return the records.

    Args:
        connection: in a transaction in which the lines of the new events are stored.
        call_ids: the calls.
        new_events: the events of the lines that were just read, by call id.
        seats: the kind of each seat.
        stored_before: whether some of the new events may have been stored before.
    """
    events, calls_read_again = _all_events(connection, call_ids, new_events)
    starts: dict[str, list[datetime]] = defaultdict(list)
    for node, at in connection.execute(_STARTS):
        starts[node].append(at)
    records, attempts = [], []
    for call_id, call_events in events.items():
        trace = trace_of(
            _clock_corrected(call_events.cel, lambda event: node_of(event.uniqueid)),
            _clock_corrected(call_events.queue, lambda event: node_of(event.callid)),
            seats,
            _next_start(starts, node_of(call_id), call_events.cel),
        )
        if trace and trace.is_citizens:
            records.append(record_of(trace))
        elif trace and (attempt := callback_attempt_of(trace)):
            attempts.append(attempt)
    if calls_with_records := call_ids if stored_before else calls_read_again:
        for statement in _DELETE:
            connection.execute(statement, id_list(calls_with_records))
    insert_columns(connection, CALLS, row_mapping.to_columns(CALL_FIELDS, records))
    legs = [(record.call_id, record.legs) for record in records]
    insert_columns(connection, LEGS, _columns_in_order(LEG_FIELDS, legs))
    utterances = [(record.call_id, record.utterances) for record in records]
    insert_columns(connection, UTTERANCES, _columns_in_order(UTTERANCE_FIELDS, utterances))
    orders = [order for record in records for order in record.work_orders]
    insert_columns(connection, WORK_ORDERS, row_mapping.to_columns(WORK_ORDER_FIELDS, orders))
    insert_columns(connection, CALLBACK_ATTEMPTS, row_mapping.to_columns(CALLBACK_ATTEMPT_FIELDS, attempts))
    return records


def _clock_corrected(events: Iterable[E], node_of_event: Callable[[E], str]) -> list[E]:
    """Correct the clock steps of each node separately, because the lines of two nodes are stored in no common order."""
    events = list(events)
    if len(set(map(node_of_event, events))) < 2:
        return correct_clock_steps(events)
    by_node: dict[str, list[E]] = defaultdict(list)
    for event in events:
        by_node[node_of_event(event)].append(event)
    return [event for node_events in by_node.values() for event in correct_clock_steps(node_events)]


def _all_events(
    connection: Connection, call_ids: Collection[str], new_events: Mapping[str, CallEvents]
) -> tuple[dict[str, CallEvents], list[str]]:
    """Return all events of the calls, and the calls whose older events were read from the database."""
    calls_read_again: list[str] = []
    events: dict[str, CallEvents] = {}
    for call_id, count in connection.execute(_COUNTS, id_list(call_ids)):
        if call_id in new_events and len(new_events[call_id]) == count:
            events[call_id] = new_events[call_id]
        else:
            calls_read_again.append(call_id)
            events[call_id] = CallEvents()
    if calls_read_again:
        for source, call_id, line in connection.execute(_LINES, id_list(calls_read_again)):
            if source == CEL:
                if event := as_event_of_call(reattributed(cel.parse(line)), call_id):
                    events[call_id].cel.append(event)
            else:
                events[call_id].queue.append(queuelog.parse(line))
    return events, calls_read_again


def _next_start(starts: Mapping[str, Sequence[datetime]], node: str, events: Sequence[CelEvent]) -> datetime | None:
    """Return the next start of a node's Asterisk after the last event there; None if there is no such start or event.

    ``starts`` has the starts of each node in order; starts without a node count for every node.
    """
    last = max((event.at for event in events if node_of(event.uniqueid) == node), default=None)
    if last is None:
        return None
    second = last.replace(microsecond=0)
    starts_of_both = (starts.get("", ()), starts.get(node, ()))
    return min(
        (
            node_starts[index]
            for node_starts in starts_of_both
            if (index := bisect_left(node_starts, second)) < len(node_starts)
        ),
        default=None,
    )


def _columns_in_order(
    mapped_fields: Sequence[MappedField], values_of_calls: Iterable[tuple[str, Sequence[object]]]
) -> dict[str, list[Any]]:
    """Return the columns of the ordered values of each call, with call id and position."""
    positioned = [
        (call_id, position, value) for call_id, values in values_of_calls for position, value in enumerate(values)
    ]
    return {
        "call_id": [call_id for call_id, _position, _value in positioned],
        "position": [position for _call_id, position, _value in positioned],
        **row_mapping.to_columns(mapped_fields, [value for _call_id, _position, value in positioned]),
    }
