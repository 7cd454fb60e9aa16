"""Conditions on call records."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from ivr.records.derive.record_parts import LegResult
from ivr.records.store.schema import CALLS, LEGS

WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter:
    """Conditions that a call must meet, all of them; None sets no condition."""

    number: str | None = None  # the call dialled this number, or got the service of this line
    since: datetime | None = None  # it began at this time or later; aware
    until: datetime | None = None  # it began before this time; aware
    caller: str | None = None  # the caller's number ends with these digits; WITHHELD: the caller withheld it
    outcome: str | None = None  # an `Outcome`
    seat: str | None = None  # this seat answered, the citizen's call or a consult in it
    call: str | None = None  # its id

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on the table of calls."""
        conditions: list[ColumnElement[bool]] = []
        if self.number is not None:
            conditions.append((CALLS.c.dialled == self.number) | (CALLS.c.line == self.number))
        if self.since is not None:
            conditions.append(CALLS.c.started_at >= self.since)
        if self.until is not None:
            conditions.append(CALLS.c.started_at < self.until)
        if self.caller == WITHHELD:
            conditions.append(CALLS.c.caller == "")
        elif self.caller is not None:
            conditions.append(CALLS.c.caller.endswith(re.sub("[^0-9]", "", self.caller)))
        if self.outcome is not None:
            conditions.append(CALLS.c.outcome == self.outcome)
        if self.seat is not None:
            answered = select(LEGS.c.call_id).where(
                LEGS.c.target == self.seat, LEGS.c.result == LegResult.ANSWERED.value
            )
            conditions.append((CALLS.c.seat == self.seat) | CALLS.c.call_id.in_(answered))
        if self.call is not None:
            conditions.append(CALLS.c.call_id == self.call)
        return conditions


def call_filter(since: str | None = None, until: str | None = None, **conditions: str | None) -> CallFilter:
    """Return the filter of a command: times in ISO 8601 with their offset, the other conditions as in `CallFilter`.

    Raises:
        TypeError: there is no such condition.
        ValueError: a time is not ISO 8601.
    """
    return CallFilter(
        since=datetime.fromisoformat(since) if since else None,
        until=datetime.fromisoformat(until) if until else None,
        **conditions,
    )
