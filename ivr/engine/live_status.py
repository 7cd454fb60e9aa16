"""The present seats, queues and channels for the desk, asked from Asterisk."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from ivr.asterisk.ami.channel_listing import ChannelNow, EntryNow, channels_now, entries_now, last_call_ended
from ivr.asterisk.ami.listings import SeatNow, seats_now
from ivr.asterisk.ami.manager import Ami
from ivr.engine import status
from ivr.engine.wrap_up import ends_at
from ivr.registry.model import GroupKind, Registry
from ivr.runtime.page_phones import page_phone


async def live_status(ami: Ami, registry: Registry) -> dict[str, Any]:
    """Return ``{"at", "stopping", "seats", "queues", "channels"}`` as JSON values.

    Raises:
        AmiError: Asterisk does not answer.
    """
    queue_events = await ami.listing("QueueStatus")
    channels = channels_now(await ami.listing("CoreShowChannels"))
    phones = await ami.listing("DeviceStateList")
    now = time.time()
    seats = seats_now(queue_events, phones, now, registry.timers.wrapup)
    entries, ended = entries_now(queue_events), last_call_ended(queue_events)
    return {
        "at": _iso(now),
        "stopping": await status.is_stopping(ami),
        "seats": [_seat(registry, number, seats, ended.get(number, 0), channels) for number in registry.seats],
        "queues": [_queue(registry, group, seats, entries, now) for group in registry.groups],
        "channels": [asdict(channel) | {"since": _iso(now - channel.seconds)} for channel in channels],
    }


def _seat(
    registry: Registry, number: str, seats: dict[str, SeatNow], ended: int, channels: Sequence[ChannelNow]
) -> dict[str, Any]:
    seat, seat_now, page_phone_now = registry.seats[number], seats.get(number), seats.get(page_phone(number))
    state, reason = (seat_now.state, seat_now.reason) if seat_now else ("offline", "")
    until = ends_at(reason)
    if until:
        state, reason = "wrap-up", ""
    elif state == "wrap-up":
        until = datetime.fromtimestamp(ended, UTC) + timedelta(seconds=registry.timers.wrapup)
    phone = (seat_now.at if seat_now else "") or number
    call = next((channel for channel in channels if channel.endpoint == phone and channel.state != "down"), None)
    own_phone = seats.get(number)
    return {
        "seat": number,
        "name": seat.name,
        "groups": list(seat.groups),
        "signed_in_groups": sorted(seat_now.groups) if seat_now else [],
        "state": state,
        "reason": reason,
        "wrap_up_until": until.isoformat(timespec="milliseconds") if until else None,
        "at": seat_now.at if seat_now else "",
        "phone": "online" if own_phone and own_phone.online else "offline",
        "web_phone": "online" if page_phone_now and page_phone_now.online else "offline",
        "call": call.call_id if call else None,
        "supervisor": seat.supervisor,
        "expert": any(registry.groups[group].kind is GroupKind.EXPERT for group in seat.groups),
    }


def _queue(
    registry: Registry, group: str, seats: dict[str, SeatNow], entries: Sequence[EntryNow], now: float
) -> dict[str, Any]:
    waiting = [entry for entry in entries if entry.group == group]
    return {
        "group": group,
        "title": registry.groups[group].title,
        "waiting": len(waiting),
        "callers": [entry.uniqueid for entry in sorted(waiting, key=lambda entry: entry.position)],
        "longest_since": _iso(now - max(entry.seconds for entry in waiting)) if waiting else None,
        "signed_in": sum(group in seat.groups for seat in seats.values()),
        "ready": sum(group in seat.groups and seat.state == "ready" for seat in seats.values()),
        "limit": registry.groups[group].limit,
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
