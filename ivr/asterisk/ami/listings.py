"""Asterisk's AMI listings of seats, queue callers and calls, as plain values. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.ami.channel_listing import handed_calls, line_of
from ivr.asterisk.ami.manager import Event
from ivr.asterisk.queue_names import group_of_queue, queue_name

_IN_CALL = {"INUSE", "BUSY", "ONHOLD"}
_RINGING = {"RINGING", "RINGINUSE"}
_OFFLINE = {"UNAVAILABLE", "INVALID", "UNKNOWN"}
_BY_TRUNK = re.compile(r"PJSIP/[a-z][a-z0-9]*/sip:(\+?[0-9]+)@")
_CAME_IN = {"from-carrier", "from-seat", "from-test-call"}  # contexts whose extension is the number dialled
_STAGES = {"Queue": "waiting", "Record": "message", "Dial": "dialling"}


@dataclass(frozen=True, slots=True)
class SeatNow:
    """The state of a seat's phone and of the seat in the queues."""

    online: bool
    groups: frozenset[str]  # groups to which the seat is signed in
    state: str  # offline, signed-out, ready, busy (置忙), wrap-up (话后整理), ringing, in-call
    reason: str  # reason of busy, a word of `agi_scripts.seat.REASONS`; "" without a reason
    at: str  # the phone at which the seat is signed in; "" for its own phone, or if it is signed out


@dataclass(frozen=True, slots=True)
class QueueMember:
    """A seat in a queue."""

    queue: str
    interface: str  # "PJSIP/8001"
    seat: str
    is_paused: bool
    reason: str  # of the pause


@dataclass(frozen=True, slots=True)
class WaitingNow:
    """A caller in a queue."""

    caller: str  # "" if withheld
    position: int
    seconds: int
    channel_id: str = ""  # unique id of the channel


@dataclass(frozen=True, slots=True)
class CallNow:
    """A call in progress: every channel of one linkedid."""

    call_id: str
    caller: str  # "" if withheld
    line: str  # number dialled; "" if a name was dialled
    stage: str  # talking, waiting, dialling, message, menu
    parties: tuple[str, ...]  # seats and carrier numbers whose channels are up, the caller's left out
    seconds: int
    queue: str  # group in whose queue a channel of the call waits; "" for none


def seats_now(
    queue_events: Iterable[Event], device_events: Iterable[Event], now: float, wrapup: int
) -> dict[str, SeatNow]:
    """Return the state of every seat that Asterisk knows, by its number.

    Args:
        queue_events: from QueueStatus.
        device_events: from DeviceStateList.
        now: seconds since 1970.
        wrapup: seconds after a call before a seat is offered the next.
    """
    members: dict[str, list[Event]] = defaultdict(list)
    for event in queue_events:
        if event.get("Event") == "QueueMember":
            members[event["Name"]].append(event)
    devices = {
        _phone(event["Device"]): event.get("State", "")
        for event in device_events
        if event.get("Event") == "DeviceStateChange" and event["Device"].startswith("PJSIP/")
    }
    return {number: _seat(number, devices, members[number], now - wrapup) for number in devices.keys() | members.keys()}


def _phone(interface: str) -> str:
    return seat_of(interface + "-")


def _seat(number: str, devices: Mapping[str, str], members: Sequence[Event], rested: float) -> SeatNow:
    """``rested``: a call that ended since then leaves its seat in wrap-up."""
    groups = frozenset(group_of_queue(event["Queue"]) for event in members)
    phone = _phone(members[0]["Location"]) if members else number
    device = devices.get(phone, "")
    state = _state(device, members, rested)
    reason = members[0].get("PausedReason", "") if state == "busy" else ""
    return SeatNow(device not in {"", *_OFFLINE}, groups, state, reason, phone if phone != number else "")


def _state(device: str, members: Sequence[Event], rested: float) -> str:
    if device in {"", *_OFFLINE}:
        return "offline"
    if not members:
        return "signed-out"
    if device in _IN_CALL:
        return "in-call"
    if device in _RINGING:
        return "ringing"
    if members[0].get("Paused") == "1":
        return "busy"
    return "wrap-up" if max(int(event.get("LastCall", 0)) for event in members) > rested else "ready"


def members_now(queue_events: Iterable[Event]) -> list[QueueMember]:
    """Return the members of all queues, from QueueStatus."""
    return [
        QueueMember(
            event["Queue"], event["Location"], event["Name"], event.get("Paused") == "1", event.get("PausedReason", "")
        )
        for event in queue_events
        if event.get("Event") == "QueueMember"
    ]


def waiting_now(queue_events: Iterable[Event], group: str) -> list[WaitingNow]:
    """Return the callers in a group's queue, in the order of the queue."""
    waiting_callers = [
        WaitingNow(
            _caller(event),
            int(event.get("Position", 0)),
            int(event.get("Wait", 0)),
            event.get("Uniqueid", ""),
        )
        for event in queue_events
        if event.get("Event") == "QueueEntry" and event.get("Queue") == queue_name(group)
    ]
    return sorted(waiting_callers, key=lambda caller: caller.position)


def calls_now(channel_events: Iterable[Event], queues: Mapping[str, str]) -> list[CallNow]:
    """Return the calls in progress, oldest first.

    Args:
        channel_events: from CoreShowChannels.
        queues: the group in whose queue a channel waits, by the unique id of the channel.
    """
    by_call: dict[str, list[Event]] = defaultdict(list)
    channel_events = [event for event in channel_events if event.get("Event") == "CoreShowChannel"]
    for event in channel_events:
        by_call[event["Linkedid"]].append(event)
    handed = handed_calls(channel_events)
    calls = [_call(call_id, channels, handed.get(call_id, ""), queues) for call_id, channels in by_call.items()]
    return sorted(calls, key=lambda call: -call.seconds)


def _call(call_id: str, channels: Sequence[Event], handed: str, queues: Mapping[str, str]) -> CallNow:
    caller_channel = next((channel for channel in channels if channel.get("Uniqueid") == call_id), channels[0])
    other_channels = [
        channel for channel in channels if channel is not caller_channel and not channel["Channel"].startswith("Local/")
    ]
    dialled = iter(_dialled_outside(channels))
    parties = tuple(_party(channel, dialled) for channel in other_channels)
    talking = any(channel.get("ChannelStateDesc") == "Up" for channel in other_channels) and caller_channel.get(
        "BridgeId"
    )
    return CallNow(
        call_id=handed or call_id,
        caller=_caller(caller_channel),
        line=line_of(caller_channel) or _number_as_it_came(caller_channel),
        stage="talking" if talking else _STAGES.get(caller_channel.get("Application", ""), "menu"),
        parties=parties,
        seconds=_seconds(caller_channel.get("Duration", "0:0:0")),
        queue=next(
            (queues[channel_id] for channel in channels if (channel_id := channel.get("Uniqueid", "")) in queues), ""
        ),
    )


def _caller(event: Event) -> str:
    """Return the caller's number; Asterisk writes `<unknown>` for a withheld number."""
    return event.get("CallerIDNum", "").removeprefix("<unknown>")


def _number_as_it_came(channel: Event) -> str:
    """Return the number dialled of a call whose script has not begun; in other contexts the extension is a step."""
    extension = channel.get("Exten", "")
    return extension if channel.get("Context") in _CAME_IN and extension.lstrip("+").isdecimal() else ""


def _dialled_outside(channels: Sequence[Event]) -> list[str]:
    """Return the numbers that Dial calls by a trunk for any of these channels."""
    dials = (channel.get("ApplicationData", "") for channel in channels if channel.get("Application") == "Dial")
    return [number for data in dials for number in _BY_TRUNK.findall(data)]


def _party(channel: Event, dialled: Iterator[str]) -> str:
    """Return a channel's party: a seat, or the number that was dialled by a trunk."""
    endpoint = seat_of(channel["Channel"])
    return next(dialled, endpoint) if endpoint[:1].isalpha() and endpoint.isalnum() else endpoint


def _seconds(duration: str) -> int:
    hours, minutes, seconds = (int(part) for part in duration.split(":"))
    return hours * 3600 + minutes * 60 + seconds
