"""The callback of a missed call (漏接电话回拨): whether it is due, and the results of its attempts. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from ivr.call_events.values import CallbackResult, Reason
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import Callback, CallbackState, Outcome

MOST_ATTEMPTS = 3
SHORTEST_TALK = timedelta(seconds=10)  # a shorter talk may be with a voicemail; the agent's own result counts more
EXPIRES_AFTER = timedelta(days=3)  # because a caller with an older missed call has found another way


class Attempt(NamedTuple):
    """The part of a callback attempt that its state follows from."""

    number: str
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    recording: str | None = None
    said: CallbackResult | None = None

    @property
    def result(self) -> CallbackResult | None:
        """The agent's result; without it, the result by the length of the talk; None if the attempt reached nobody."""
        if self.said or not (self.answered_at and self.ended_at):
            return self.said
        return CallbackResult.REACHED if self.ended_at - self.answered_at >= SHORTEST_TALK else None


class ServedCall(NamedTuple):
    """A call that a human answered."""

    caller: str
    started_at: datetime


def was_missed(record: CallRecord) -> bool:
    """Return whether a caller with a telephone number waited in vain, or asked to be called back.

    Such a caller hung up, or lost the call because Asterisk or its node ended.
    """
    unserved = record.outcome in (Outcome.ABANDONED, Outcome.FAILED)
    waited = record.queue is not None or Reason.CALLBACK in record.fallbacks
    return unserved and waited and bool(re.fullmatch(r"\+?[0-9]{7,15}", record.caller))


def callback_of(
    record: CallRecord, attempts: Iterable[Attempt], served: Iterable[ServedCall], now: datetime
) -> Callback:
    """Return the callback of a missed call.

    Args:
        record: the missed call.
        attempts: callback attempts to any number, in order of time; those before the call do not count.
        served: answered calls of any caller.
        now: aware.
    """
    number = subscriber(record.caller)
    earlier_attempts = [
        attempt
        for attempt in attempts
        if attempt.started_at > record.started_at and subscriber(attempt.number) == number
    ]
    results = {attempt.result for attempt in earlier_attempts}
    if CallbackResult.REACHED in results:
        state = CallbackState.REACHED
    elif CallbackResult.WRONG_NUMBER in results:
        state = CallbackState.WRONG_NUMBER
    elif any(call.started_at > record.started_at and subscriber(call.caller) == number for call in served):
        state = CallbackState.CALLED_AGAIN
    elif earlier_attempts and earlier_attempts[-1].ended_at is None:
        state = CallbackState.RINGING
    elif len(earlier_attempts) >= MOST_ATTEMPTS:
        state = CallbackState.GIVEN_UP
    elif record.started_at < now - EXPIRES_AFTER:
        state = CallbackState.EXPIRED
    else:
        state = CallbackState.DUE
    return Callback(
        state=state,
        asked=Reason.CALLBACK in record.fallbacks,
        tries=len(earlier_attempts),
        tried_at=earlier_attempts[-1].started_at if earlier_attempts else None,
        recordings=tuple(
            attempt.recording for attempt in earlier_attempts if attempt.recording and attempt.answered_at
        ),
    )


def subscriber(number: str) -> str:
    """Return a number without the prefixes that a carrier may put before it or leave out: +, 00, 86, 0."""
    digits = number.removeprefix("+").removeprefix("00")
    return (digits.removeprefix("86") if len(digits) > 11 else digits).removeprefix("0")
