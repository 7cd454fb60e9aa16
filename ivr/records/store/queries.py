"""Reading call records and work orders."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, column, func, select, table

from ivr.call_events.values import CallbackResult, SpeechDecision
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.callback_state import Attempt, ServedCall, callback_of, subscriber, was_missed
from ivr.records.derive.record_parts import Callback, Leg, Outcome, SoundQuality, Utterance, WorkOrder
from ivr.records.store import row_mapping
from ivr.records.store.call_filter import CallFilter
from ivr.records.store.database import Database
from ivr.records.store.schema import (
    CALL_FIELDS,
    CALL_NOTES,
    CALLBACK_ATTEMPTS,
    CALLS,
    DELETED_RECORDINGS,
    LEG_FIELDS,
    LEGS,
    SOUND_QUALITY,
    SOUND_QUALITY_FIELDS,
    UTTERANCE_FIELDS,
    UTTERANCES,
    WORK_ORDER_FIELDS,
    WORK_ORDERS,
)

_ORDERS = table("orders", column("call_id"), column("order"), column("opened_at"))
"""The work orders, whose own room is above this one."""


def calls(database: Database, conditions: CallFilter = CallFilter(), limit: int | None = None) -> list[CallRecord]:  # noqa: B008 - immutable
    """Return call records, oldest first, calls in progress among them.

    Args:
        database: the call database.
        conditions: which calls.
        limit: return at most so many, the newest.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    newest_first = (
        select(CALLS.c.call_id)
        .where(*conditions.conditions())
        .order_by(CALLS.c.started_at.desc(), CALLS.c.call_id.desc())
        .limit(limit)
    )
    with database.begin() as connection:
        return records_of(connection, newest_first)


def calls_of(database: Database, call_ids: Collection[str]) -> dict[str, CallRecord]:
    """Return the records of these calls by id; a call without a record is left out.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    with database.begin() as connection:
        records = records_of(connection, select(CALLS.c.call_id).where(CALLS.c.call_id.in_(call_ids)))
    return {record.call_id: record for record in records}


def calls_with_missed_utterances(
    database: Database, since: datetime | None = None, until: datetime | None = None
) -> list[CallRecord]:
    """Return the records of the calls in which the caller said something that was not understood, oldest first.

    Args:
        database: the call database.
        since: only calls with such an utterance at this time or later; aware.
        until: only calls with such an utterance before this time; aware.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    missed = [decision.value for decision in SpeechDecision if decision.is_missed]
    query = select(UTTERANCES.c.call_id).where(UTTERANCES.c.decision.in_(missed)).distinct()
    if since is not None:
        query = query.where(UTTERANCES.c.at >= since)
    if until is not None:
        query = query.where(UTTERANCES.c.at < until)
    with database.begin() as connection:
        return records_of(connection, query)


def records_of(connection: Connection, call_ids: Select[Any]) -> list[CallRecord]:
    """Return the records of the calls that a query of call ids finds, oldest first."""
    call_rows = call_ids.subquery()
    legs = defaultdict(list)
    rows_of_calls = select(LEGS).join(call_rows, LEGS.c.call_id == call_rows.c.call_id)
    for row in connection.execute(rows_of_calls.order_by(LEGS.c.call_id, LEGS.c.position)).mappings():
        legs[row["call_id"]].append(Leg(**row_mapping.from_row(LEG_FIELDS, row)))
    utterances = defaultdict(list)
    rows_of_calls = select(UTTERANCES).join(call_rows, UTTERANCES.c.call_id == call_rows.c.call_id)
    for row in connection.execute(rows_of_calls.order_by(UTTERANCES.c.call_id, UTTERANCES.c.position)).mappings():
        utterances[row["call_id"]].append(Utterance(**row_mapping.from_row(UTTERANCE_FIELDS, row)))
    orders = defaultdict(list)
    rows_of_calls = select(WORK_ORDERS).join(call_rows, WORK_ORDERS.c.call_id == call_rows.c.call_id)
    for row in connection.execute(rows_of_calls.order_by(WORK_ORDERS.c.created_at)).mappings():
        orders[row["call_id"]].append(_work_order(row))
    order_numbers = defaultdict(list)
    rows_of_calls = select(_ORDERS).join(call_rows, _ORDERS.c.call_id == call_rows.c.call_id)
    for order in connection.execute(rows_of_calls.order_by(_ORDERS.c.opened_at)):
        order_numbers[order.call_id].append(order.order)
    qualities = defaultdict(list)
    rows_of_calls = select(SOUND_QUALITY).join(call_rows, SOUND_QUALITY.c.call_id == call_rows.c.call_id)
    for row in connection.execute(rows_of_calls.order_by(SOUND_QUALITY.c.call_id, SOUND_QUALITY.c.seat)).mappings():
        qualities[row["call_id"]].append(SoundQuality(**row_mapping.from_row(SOUND_QUALITY_FIELDS, row)))
    notes = {}
    rows_of_calls = select(CALL_NOTES).join(call_rows, CALL_NOTES.c.call_id == call_rows.c.call_id)
    for note in connection.execute(rows_of_calls):
        notes[note.call_id] = {"result": note.result, "checked": tuple(json.loads(note.checked))}
    rows_of_calls = (
        select(*CALLS.c, DELETED_RECORDINGS.c.deleted_at)
        .join(call_rows, CALLS.c.call_id == call_rows.c.call_id)
        .outerjoin(DELETED_RECORDINGS, CALLS.c.recording == DELETED_RECORDINGS.c.recording)
        .order_by(CALLS.c.started_at, CALLS.c.call_id)
    )
    records = [
        CallRecord(
            **row_mapping.from_row(CALL_FIELDS, row),
            utterances=tuple(utterances[row["call_id"]]),
            legs=tuple(legs[row["call_id"]]),
            work_orders=tuple(orders[row["call_id"]]),
            orders=tuple(order_numbers[row["call_id"]]),
            recording_deleted_at=row["deleted_at"],
            sound_quality=tuple(qualities[row["call_id"]]),
            **notes.get(row["call_id"], {}),
        )
        for row in connection.execute(rows_of_calls).mappings()
    ]
    callbacks = _callbacks_of(connection, records, datetime.now(UTC))
    return [replace(record, callback=callbacks[record.call_id]) if record.call_id in callbacks else record
            for record in records]  # fmt: skip


def outcomes(database: Database, since: datetime) -> dict[str, int]:
    """Return the number of calls with each outcome, of the calls that began at ``since`` (aware) or later.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    is_over = CALLS.c.outcome != Outcome.IN_PROGRESS.value
    counts = select(CALLS.c.outcome, func.count()).where(CALLS.c.started_at >= since, is_over).group_by(CALLS.c.outcome)
    with database.begin() as connection:
        return {outcome: count for outcome, count in connection.execute(counts)}


def answered_by_seat(database: Database, since: datetime) -> dict[str, int]:
    """Return the number of calls, with consults, that each seat answered at ``since`` (aware) or later.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    counts = select(LEGS.c.target, func.count(LEGS.c.call_id.distinct()))
    with database.begin() as connection:
        rows = connection.execute(counts.where(LEGS.c.answered_at >= since).group_by(LEGS.c.target))
        return {target: count for target, count in rows}


def work_orders(database: Database, number: str | None = None, since: datetime | None = None) -> list[WorkOrder]:
    """Return work orders, oldest first.

    Args:
        database: the call database.
        number: only work orders that concern this number.
        since: only work orders of this time or later; aware.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    query = select(WORK_ORDERS).order_by(WORK_ORDERS.c.created_at, WORK_ORDERS.c.work_order)
    if number is not None:
        query = query.where(WORK_ORDERS.c.number == number)
    if since is not None:
        query = query.where(WORK_ORDERS.c.created_at >= since)
    with database.begin() as connection:
        return [_work_order(row) for row in connection.execute(query).mappings()]


def to_json(record: CallRecord) -> dict[str, Any]:
    """Return a record as ``ivr calls --json`` shows it: times in ISO 8601, UTC, with their offset."""
    order, deleted_at = record.work_order, record.recording_deleted_at
    return row_mapping.to_json(CALL_FIELDS, record) | {
        "recording": record.recording or (order.recording if order else None),
        "recording_deleted_at": row_mapping.iso(deleted_at) if deleted_at else None,
        "fallback": record.fallback,
        "work_order": order.work_order if order else None,
        "orders": list(record.orders),
        "callback": _callback_json(record.callback),
        "utterances": [row_mapping.to_json(UTTERANCE_FIELDS, utterance) for utterance in record.utterances],
        "result": record.result or None,
        "checked": list(record.checked),
        "sound_quality": [row_mapping.to_json(SOUND_QUALITY_FIELDS, quality) for quality in record.sound_quality],
        "legs": [row_mapping.to_json(LEG_FIELDS, leg) for leg in record.legs],
    }


def _callbacks_of(connection: Connection, records: list[CallRecord], now: datetime) -> dict[str, Callback]:
    """Return the callback of each missed call among these calls, by call id."""
    missed = [record for record in records if was_missed(record)]
    if not missed:
        return {}
    since = min(record.started_at for record in missed)
    attempts = CALLBACK_ATTEMPTS.c
    query = (
        select(
            attempts.number,
            attempts.started_at,
            attempts.answered_at,
            attempts.ended_at,
            attempts.recording,
            attempts.said,
        )
        .where(attempts.started_at >= since)
        .order_by(attempts.started_at)
    )
    all_attempts = [Attempt(*row[:-1], said=row.said and CallbackResult(row.said)) for row in connection.execute(query)]
    answered = select(CALLS.c.caller, CALLS.c.started_at).where(
        CALLS.c.outcome == Outcome.ANSWERED.value, CALLS.c.started_at >= since
    )
    numbers = {subscriber(record.caller) for record in missed}
    served = [ServedCall(*row) for row in connection.execute(answered) if subscriber(row.caller) in numbers]
    return {record.call_id: callback_of(record, all_attempts, served, now) for record in missed}


def _callback_json(callback: Callback | None) -> dict[str, Any] | None:
    if callback is None:
        return None
    tried_at = row_mapping.iso(callback.tried_at) if callback.tried_at else None
    return asdict(callback) | {"tried_at": tried_at, "recordings": list(callback.recordings)}


def _work_order(row: Any) -> WorkOrder:  # noqa: ANN401 - a row by column name
    return WorkOrder(**row_mapping.from_row(WORK_ORDER_FIELDS, row))
