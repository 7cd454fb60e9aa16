"""The channels of calls in progress, and the callers in each queue, from AMI listings, as plain values. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.ami.manager import Event
from ivr.asterisk.queue_names import group_of_queue

_STATES = {"Up": "up", "Ringing": "ringing", "Ring": "up"}


@dataclass(frozen=True, slots=True)
class ChannelNow:
    """One channel."""

    channel: str
    uniqueid: str
    call_id: str  # linkedid; the id at the other node if another node handed the call over
    endpoint: str  # "8001", "web-8001", "carrier"; "" for a half of a Local channel
    state: str  # up, ringing, down
    bridge: str  # id of its bridge; "" without a bridge
    application: str  # the dialplan application that runs now: "Queue"
    context: str
    line: str  # account code: number dialled; "" before the call script has set it
    seconds: int


@dataclass(frozen=True, slots=True)
class EntryNow:
    """A caller in a queue."""

    group: str
    uniqueid: str
    position: int
    seconds: int


def handed_calls(events: Iterable[Event]) -> dict[str, str]:
    """Return the calls that other nodes handed over, from CoreShowChannels: the id at the other node by the id here.

    The dialplan writes the id at the other node behind the number dialled in the account code.
    """
    return {
        event["Linkedid"]: event["AccountCode"].partition("/")[2]
        for event in events
        if "/" in event.get("AccountCode", "") and event.get("Linkedid")
    }


def line_of(event: Event) -> str:
    """Return the number dialled, from the account code of a channel; "" before the call script has set it."""
    return event.get("AccountCode", "").partition("/")[0]


def channels_now(events: Sequence[Event]) -> list[ChannelNow]:
    """Return the channels of CoreShowChannels."""
    handed = handed_calls(events)
    return [
        ChannelNow(
            channel=event["Channel"],
            uniqueid=event.get("Uniqueid", ""),
            call_id=handed.get(event.get("Linkedid", ""), event.get("Linkedid", "")),
            endpoint="" if event["Channel"].startswith("Local/") else seat_of(event["Channel"]),
            state=_STATES.get(event.get("ChannelStateDesc", ""), "down"),
            bridge=event.get("BridgeId", ""),
            application=event.get("Application", ""),
            context=event.get("Context", ""),
            line=line_of(event),
            seconds=_seconds(event.get("Duration", "")),
        )
        for event in events
        if event.get("Event") == "CoreShowChannel"
    ]


def entries_now(events: Iterable[Event]) -> list[EntryNow]:
    """Return the callers in all queues, from QueueStatus."""
    return [
        EntryNow(
            group=group_of_queue(event.get("Queue", "")),
            uniqueid=event.get("Uniqueid", ""),
            position=int(event.get("Position", 0)),
            seconds=int(event.get("Wait", 0)),
        )
        for event in events
        if event.get("Event") == "QueueEntry"
    ]


def last_call_ended(events: Iterable[Event]) -> dict[str, int]:
    """Return when each seat's last call ended, in seconds since 1970; 0 for a seat without a call."""
    ended: dict[str, int] = {}
    for event in events:
        if event.get("Event") == "QueueMember":
            name = event["Name"]
            ended[name] = max(ended.get(name, 0), int(event.get("LastCall", 0)))
    return ended


def _seconds(duration: str) -> int:
    parts = [int(part) for part in duration.split(":") if part.isdecimal()]
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))
