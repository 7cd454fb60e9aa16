"""Correcting the times of one call's events after the system clock was set back during the call."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

from ivr.asterisk.logs.cel import CelEvent
from ivr.asterisk.logs.queuelog import QueueEvent

_OUT_OF_ORDER = timedelta(seconds=10)  # Asterisk may write the events of one call out of order by less than this

E = TypeVar("E", CelEvent, QueueEvent)


def correct_clock_steps(events: Iterable[E]) -> list[E]:
    """Return the events of one call with times that never go back. Pure.

    The time between the two events around the step counts as zero, because its true length is unknown. A clock that
    was set forward is not corrected, because it looks like a long call.

    Args:
        events: in the order in which Asterisk wrote them.
    """
    in_order = list(events)
    times = [event.at for event in in_order]
    if times == sorted(times):
        return in_order
    corrected: list[E] = []
    correction, latest = timedelta(0), None
    for event in in_order:
        corrected_at = event.at + correction if correction else event.at
        if latest is not None and corrected_at < latest:
            if corrected_at < latest - _OUT_OF_ORDER:
                correction += latest - corrected_at
                corrected_at = latest
        else:
            latest = corrected_at
        corrected.append(event if corrected_at is event.at else event._replace(at=corrected_at))
    return corrected
