"""The channels of a call, from its CEL events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ivr.asterisk.logs.cel import CelEvent, CelEventType

_CHAN_START, _ANSWER, _HANGUP = CelEventType.CHAN_START, CelEventType.ANSWER, CelEventType.HANGUP

BETWEEN_NODES = "node-"
"""The prefix of the name of another node's endpoint (``pjsip.conf.j2``); no seat and no trunk has such a name."""


@dataclass(slots=True)
class CallChannel:
    """One channel: the caller's, a phone's, or one half of a Local channel."""

    uniqueid: str
    name: str
    peer: str  # endpoint: a seat's number, or a trunk's name
    is_local: bool
    context: str  # in which the channel began
    exten: str  # with which the channel began
    number: str  # the caller number with which the channel began
    started_at: datetime
    joined: bool  # the channel began in another call, because a watcher takes over
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    cause: int = 0  # Q.850 cause of the hangup
    ended_by: str = ""  # the channel whose phone hung up; "dialplan/…" or "" if none did
    dial_status: str = ""  # of the last Dial or Queue that the channel ran

    @property
    def is_between_nodes(self) -> bool:
        """Whether a node of a cluster hands the caller over to another node by this channel."""
        return self.peer.startswith(BETWEEN_NODES)

    @property
    def is_trunk(self) -> bool:
        """Whether the channel's other end is behind a trunk: no seat's phone has a name of such letters alone."""
        return self.peer[:1].isalpha() and self.peer.isalnum()


def channels_of(events: Iterable[CelEvent]) -> dict[str, CallChannel]:
    """Return the channels by unique id, in the order of their first event; ``events`` are in order of time."""
    channels: dict[str, CallChannel] = {}
    for event in events:
        channel = channels.get(event.uniqueid)
        if channel is None:
            channel = channels[event.uniqueid] = CallChannel(
                uniqueid=event.uniqueid,
                name=event.channel,
                peer=event.peer,
                is_local=event.is_local,
                context=event.context,
                exten=event.exten,
                number=event.number,
                started_at=event.at,
                joined=event.type is not _CHAN_START,
            )
        if event.type is _ANSWER and channel.answered_at is None:
            channel.answered_at = event.at
        elif event.type is _HANGUP:
            details = event.hangup_details()
            cause = details.get("hangupcause")
            channel.ended_at = event.at
            channel.cause = cause if isinstance(cause, int) else 0
            channel.ended_by = str(details.get("hangupsource", ""))
            channel.dial_status = str(details.get("dialstatus", ""))
    return channels
