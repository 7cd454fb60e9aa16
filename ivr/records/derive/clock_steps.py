"""Events of one call as they would have been told by a clock that nobody set back in the middle of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from ivr.asterisk.logs.cel import CelEvent
from ivr.asterisk.logs.queuelog import QueueEvent

_OUT_OF_STEP = timedelta(seconds=10)  # what Asterisk writes of one call is never so much out of order

E = TypeVar("E", CelEvent, QueueEvent)


def steady(events: Iterable[E]) -> list[E]:
    """Return the events of one call with times that go on where the clock was set back. Pure.

    How long the two events lie apart between which that was done nobody knows: it counts as no time. A clock that was
    set forward cannot be told from a long call.

    Args:
        events: in the order in which Asterisk wrote them.
    """
    put_right: list[E] = []
    behind, latest = timedelta(0), None
    for event in events:
        at = event.at + behind
        if latest is not None and at < latest - _OUT_OF_STEP:
            behind += latest - at
            at = latest
        latest = max(latest or at, at)
        put_right.append(event if at == event.at else replace(event, at=at))
    return put_right
