"""The channels of a call, put together from their events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ivr.asterisk.logs.cel import CelEvent, CelEventType

TRUNK = "carrier"  # the trunk's endpoint


@dataclass(slots=True)
class Channel:
    """One channel: the caller's, a phone's, or half of a Local pair."""

    unique: str
    name: str
    peer: str  # endpoint: a seat's number, or `TRUNK`
    is_local: bool
    context: str  # where it began
    exten: str  # likewise
    number: str  # its caller number when it began
    started_at: datetime
    came: bool  # whether it began in another call: of one who takes over, `Watch` notes tell
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    cause: int = 0  # Q.850 cause of its end
    ended_by: str = ""  # the channel whose phone hung up; "dialplan/…" or "" where none did
    dial_status: str = ""  # of the last Dial or Queue that it ran


def channels_of(events: Iterable[CelEvent]) -> dict[str, Channel]:
    """Return the channels by unique id, in the order of their first event; ``events`` are in order of time."""
    channels: dict[str, Channel] = {}
    for event in events:
        channel = channels.get(event.unique)
        if channel is None:
            channel = channels[event.unique] = Channel(
                unique=event.unique,
                name=event.channel,
                peer=event.peer,
                is_local=event.is_local,
                context=event.context,
                exten=event.exten,
                number=event.number,
                started_at=event.at,
                came=event.what is not CelEventType.CHAN_START,
            )
        if event.what is CelEventType.ANSWER and channel.answered_at is None:
            channel.answered_at = event.at
        if event.what is CelEventType.HANGUP:
            details = event.details()
            cause = details.get("hangupcause")
            channel.ended_at = event.at
            channel.cause = cause if isinstance(cause, int) else 0
            channel.ended_by = str(details.get("hangupsource", ""))
            channel.dial_status = str(details.get("dialstatus", ""))
    return channels
