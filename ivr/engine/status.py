"""Seats, calls and queues as they are now, asked from Asterisk."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ivr.asterisk.ami.channel_listing import channels_now
from ivr.asterisk.ami.listings import CallNow, SeatNow, calls_now, seats_now, waiting_now
from ivr.asterisk.ami.manager import Ami, Event
from ivr.asterisk.variables import Variable
from ivr.registry.model import Registry
from ivr.runtime.page_phones import page_phone

_TAKING = {"ready", "ringing", "in-call", "wrap-up"}
"""States of a seat that takes calls, now or after its call."""


async def status(
    ami: Ami,
    registry: Registry,
    answered: Mapping[str, int] | None = None,
    unattended: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return ``{"stopping": …, "seats": […], "queues": […], "calls": […], "phones": […]}``; ``phones`` are in calls.

    Args:
        ami: the connection to Asterisk.
        registry: the registry in force.
        answered: how many calls each seat answered today; None if that is not known.
        unattended: for how many seconds no seat of a group has taken calls while callers wait, by group.

    Raises:
        AmiError: Asterisk is not there.
    """
    queues = await seats_and_queues(ami, registry, answered, unattended)
    channels = await ami.listing("CoreShowChannels")
    return {
        "stopping": await is_stopping(ami),
        **queues,
        "calls": [_call(call) for call in calls_now(channels, _queue_of_channel(queues["queues"]))],
        "phones": sorted({channel.endpoint for channel in channels_now(channels)} & _phones(registry)),
    }


async def seats_and_queues(
    ami: Ami,
    registry: Registry,
    answered: Mapping[str, int] | None = None,
    unattended: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return seats and queues of `status`, without the calls, whose listing grows with the channels that are up.

    Raises:
        AmiError: Asterisk is not there.
    """
    queue_events = await ami.listing("QueueStatus")
    phones = await ami.listing("DeviceStateList")
    seats = seats_now(queue_events, phones, time.time(), registry.timers.wrapup)
    return {
        "seats": [_seat(registry, number, seats.get(number), answered) for number in registry.seats],
        "queues": [
            _queue(registry, group, queue_events, seats, (unattended or {}).get(group, 0.0))
            for group in registry.groups
        ],
    }


async def callers_wait(ami: Ami) -> bool:
    """Return whether a caller waits in any queue.

    Raises:
        AmiError: Asterisk is not there.
    """
    return any(queue.get("Callers", "0") != "0" for queue in await ami.listing("QueueSummary"))


async def is_stopping(ami: Ami) -> bool:
    """Return whether `ivr up` was told to stop: new callers are refused, and calls in progress go on.

    Raises:
        AmiError: Asterisk is not there.
    """
    return (await ami.action("Getvar", Variable=Variable.STATE)).get("Value") == "stopping"


def _seat(
    registry: Registry, number: str, seat_now: SeatNow | None, answered: Mapping[str, int] | None
) -> dict[str, Any]:  # fmt: skip
    seat = registry.seats[number]
    return {
        "seat": number,
        "name": seat.name,
        "groups": list(seat.groups),
        "phone": "online" if seat_now and seat_now.online else "offline",
        "signed_in": bool(seat_now and seat_now.groups),
        "signed_in_groups": sorted(seat_now.groups) if seat_now else [],
        "state": seat_now.state if seat_now else "offline",
        "reason": seat_now.reason if seat_now else "",
        "at": seat_now.at if seat_now else "",
        "calls_taken": None if answered is None else answered.get(number, 0),
    }


def _queue(
    registry: Registry, group: str, events: Sequence[Event], seats: Mapping[str, SeatNow], unattended: float
) -> dict[str, Any]:  # fmt: skip
    waiting = waiting_now(events, group)
    return {
        "group": group,
        "title": registry.groups[group].title,
        "waiting": len(waiting),
        "callers": [caller.channel_id for caller in waiting],
        "longest_wait_s": max((caller.seconds for caller in waiting), default=0),
        "signed_in": sum(group in seat.groups for seat in seats.values()),
        "ready": sum(group in seat.groups and seat.state == "ready" for seat in seats.values()),
        "taking": sum(group in seat.groups and seat.state in _TAKING for seat in seats.values()),
        "unattended_s": round(unattended),
        "limit": registry.groups[group].limit,
    }


def _phones(registry: Registry) -> set[str]:
    return {phone for seat in registry.seats for phone in (seat, page_phone(seat))}


def _queue_of_channel(queues: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {channel: queue["group"] for queue in queues for channel in queue["callers"]}


def _call(call: CallNow) -> dict[str, Any]:
    return {
        "call_id": call.call_id,
        "caller": call.caller,
        "line": call.line,
        "stage": call.stage,
        "queue": call.queue,
        "with": list(call.parties),
        "seconds": call.seconds,
    }
