"""Who was missed and has not been called back (漏接电话回拨): what follows from the call records and agents' tries."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.call_events.values import Reason
from ivr.records.derive.record import Callback, CallbackState, CallRecord, Outcome
from ivr.records.store.schema import CallbackAttemptRow, CallRow

MOST_TRIES = 3
KEPT = timedelta(days=3)  # who was missed longer ago has found another way


@dataclass(frozen=True, slots=True)
class Try:
    """An agent's try to call somebody back; see `ivr.records.derive.record.CallingBack`."""

    number: str
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    recording: str | None = None


Served = tuple[str, datetime]  # a caller who was answered, and when that call came in


def was_missed(record: CallRecord) -> bool:
    """Tell whether a caller hung up while waiting, or asked to be called back, and showed a telephone number."""
    waited = record.queue is not None or Reason.CALLBACK in record.fallbacks
    return record.outcome is Outcome.ABANDONED and waited and bool(re.fullmatch(r"\+?[0-9]{7,15}", record.caller))


def callback_of(record: CallRecord, tries: Iterable[Try], served: Iterable[Served], now: datetime) -> Callback:
    """Return what became of calling somebody back who was missed. Pure.

    Args:
        record: the call that was missed.
        tries: agents' tries, of whatever number, in order of time; those before the call do not count.
        served: calls that were answered, of whoever.
        now: aware.
    """
    who = subscriber(record.caller)
    mine = [one for one in tries if subscriber(one.number) == who and one.started_at > record.started_at]
    asked = Reason.CALLBACK in record.fallbacks
    tried_at = mine[-1].started_at if mine else None
    if any(one.answered_at for one in mine):
        state = CallbackState.REACHED
    elif any(at > record.started_at and subscriber(caller) == who for caller, at in served):
        state = CallbackState.CALLED_AGAIN
    elif mine and mine[-1].ended_at is None:
        state = CallbackState.RINGING
    elif len(mine) >= MOST_TRIES:
        state = CallbackState.GIVEN_UP
    elif record.started_at < now - KEPT:
        state = CallbackState.EXPIRED
    else:
        state = CallbackState.DUE
    recordings = tuple(one.recording for one in mine if one.recording and one.answered_at)
    return Callback(state, asked, len(mine), tried_at, recordings)


def callbacks_of(session: Session, records: Collection[CallRecord], now: datetime) -> dict[str, Callback]:
    """Return the callback of each of these calls that was missed, by call id."""
    missed = [record for record in records if was_missed(record)]
    if not missed:
        return {}
    since = min(record.started_at for record in missed)
    row = CallbackAttemptRow
    tried = select(row.number, row.started_at, row.answered_at, row.ended_at, row.recording).order_by(row.started_at)
    tries = [Try(*found) for found in session.execute(tried.where(row.started_at >= since))]
    answered = select(CallRow.caller, CallRow.started_at).where(
        CallRow.outcome == Outcome.ANSWERED.value, CallRow.started_at >= since
    )
    who = {subscriber(record.caller) for record in missed}
    served: list[Served] = [(caller, at) for caller, at in session.execute(answered) if subscriber(caller) in who]
    return {record.call_id: callback_of(record, tries, served, now) for record in missed}


def subscriber(number: str) -> str:
    """Return a number without the codes that carriers put before it, or not."""
    digits = number.removeprefix("+").removeprefix("00")
    return (digits.removeprefix("86") if len(digits) > 11 else digits).removeprefix("0")
