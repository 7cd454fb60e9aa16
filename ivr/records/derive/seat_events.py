"""The events of seats, from Asterisk's two files: signed in and out of queues, busy, ready, hold. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ivr.asterisk.logs.cel import CelEvent
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.codec import decode
from ivr.call_events.vocabulary import CallHeld


class SeatEventKind(StrEnum):
    """The kind of a seat event."""

    SIGNED_IN = "signed-in"  # of one group; the seat is ready there
    SIGNED_OUT = "signed-out"  # of one group
    BUSY = "busy"  # in one group, with a reason
    READY = "ready"  # in one group
    HELD = "held"  # the other party of the seat's call hears music
    RESUMED = "resumed"


_KIND_OF_QUEUE_EVENT = {
    "ADDMEMBER": SeatEventKind.SIGNED_IN,
    "REMOVEMEMBER": SeatEventKind.SIGNED_OUT,
    "PAUSE": SeatEventKind.BUSY,
    "UNPAUSE": SeatEventKind.READY,
}  # app_queue's types without PAUSEALL and UNPAUSEALL, which repeat PAUSE and UNPAUSE, and name the phone, not the seat


@dataclass(frozen=True, slots=True)
class SeatEvent:
    """One event of one seat."""

    at: datetime  # of queue_log: whole seconds
    seat: str
    kind: SeatEventKind
    group: str  # "" of a hold
    reason: str  # of `SeatEventKind.BUSY`; "" if none was given


def of_queue_event(event: QueueEvent) -> SeatEvent | None:
    """Return the seat event of an event of queue_log; None if it is of another kind."""
    kind = _KIND_OF_QUEUE_EVENT.get(event.type)
    if kind is None or not (event.agent and event.group):
        return None
    reason = "".join(event.data[:1]) if kind is SeatEventKind.BUSY else ""
    return SeatEvent(event.at, event.agent, kind, event.group, reason)


def of_cel_event(event: CelEvent) -> SeatEvent | None:
    """Return the seat event of an event of CEL; None if it is of another kind."""
    if event.name != CallHeld.NAME:
        return None
    match decode(event.name, event.extra):
        case CallHeld(seat=seat, held=held):
            return SeatEvent(event.at, seat, SeatEventKind.HELD if held else SeatEventKind.RESUMED, "", "")
    return None
