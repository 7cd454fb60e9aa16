"""Acts on queues as a whole, by the manager interface: on their members, and on waiting callers."""

import asyncio
import time
from collections.abc import Collection, Iterable
from contextlib import suppress

from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.ami import seat_actions
from ivr.asterisk.ami.listings import QueueMember, members_now
from ivr.asterisk.ami.manager import Ami, AmiError

HOME_MOVED = "103"
"""Hangup cause after which a caller is handed over again; see ``[home-ended]``."""

_OUT_OF_REACH = {"4", "5"}  # states of a member: invalid, unavailable
_LOOK = 0.2  # seconds


async def members(ami: Ami) -> list[QueueMember]:
    """Return the members of all queues.

    Raises:
        AmiError: Asterisk does not answer; so do all functions of this module.
    """
    return members_now(await ami.listing("QueueStatus"))


async def add(ami: Ami, member: QueueMember) -> None:
    """Add a seat to a queue, paused as the member is, and store the phone at which the seat is signed in."""
    phone = member.interface.removeprefix("PJSIP/")
    if phone != member.seat:
        await seat_actions.place(ami, member.seat, phone)
    paused = "true" if member.is_paused else "false"
    fields = {"Queue": member.queue, "Interface": member.interface}
    with suppress(AmiError):  # it is there already
        await ami.action("QueueAdd", **fields, MemberName=member.seat, Penalty="0", Paused=paused)
    if member.is_paused:
        await ami.action("QueuePause", **fields, Paused="true", Reason=member.reason)


async def until_phones_answer(ami: Ami, queues: Collection[str], phones: Iterable[str], seconds: float) -> None:
    """Send OPTIONS to phones, and wait at most ``seconds`` until all phones in these queues have answered."""
    for phone in phones:
        with suppress(AmiError):  # the registry has no such phone any more
            await ami.action("PJSIPQualify", Endpoint=phone)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        events = [event for event in await ami.listing("QueueStatus") if event.get("Event") == "QueueMember"]
        if not any(event["Queue"] in queues and event.get("Status") in _OUT_OF_REACH for event in events):
            return
        await asyncio.sleep(_LOOK)


async def pause(ami: Ami, member: QueueMember) -> None:
    """Pause or unpause a seat in a queue, as ``member.is_paused`` says."""
    paused = "true" if member.is_paused else "false"
    with suppress(AmiError):  # it has just signed out
        await ami.action(
            "QueuePause", Queue=member.queue, Interface=member.interface, Paused=paused, Reason=member.reason
        )


async def remove(ami: Ami, member: QueueMember) -> None:
    """Take a seat out of a queue."""
    with suppress(AmiError):  # it has just signed out
        await ami.action("QueueRemove", Queue=member.queue, Interface=member.interface)


async def withdraw_callers(ami: Ami, queues: Collection[str]) -> None:
    """Let the callers leave these queues, with QUEUESTATUS WITHDRAW."""
    for event in await ami.listing("QueueStatus"):
        if event.get("Event") == "QueueEntry" and event.get("Queue") in queues:
            with suppress(AmiError):  # an agent has just answered, or the caller has hung up
                await ami.action("QueueWithdrawCaller", Queue=event["Queue"], Caller=event["Channel"])


async def phones_in_calls(ami: Ami) -> set[str]:
    """Return the phones that have a channel."""
    channel_events = await ami.listing("CoreShowChannels")
    return {seat_of(event["Channel"]) for event in channel_events if event.get("Channel", "").startswith("PJSIP/")}


async def hand_over_again(ami: Ami, node: str) -> None:
    """End all calls by which callers were handed over to a node."""
    await ami.listing("Hangup", Channel=f"/^PJSIP\\/node-{node}-[0-9a-f]+$/", Cause=HOME_MOVED)


async def end_legs(ami: Ami, channels: Iterable[str]) -> None:
    """End calls by which callers were handed over; the channels are those of this node."""
    for channel in channels:
        with suppress(AmiError):  # it has just ended
            await ami.action("Hangup", Channel=channel, Cause=HOME_MOVED)
