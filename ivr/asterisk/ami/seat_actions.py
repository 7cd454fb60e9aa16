"""Seats in their groups' queues, by the manager interface: `ivr.asterisk.agi.seats` does the same on a call."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.queue_names import group_of_queue, queue_name
from ivr.asterisk.variables import Variable
from ivr.texts import _

_OFFLINE = ("UNAVAILABLE", "INVALID", "UNKNOWN")
_LOOKS, _BETWEEN_LOOKS = 40, 0.025  # seconds


async def members(ami: Ami) -> dict[str, dict[str, str]]:
    """Return for each signed-in seat its groups, each with the phone at which the seat is signed in."""
    phones_of_groups: dict[str, dict[str, str]] = {}
    for event in await ami.listing("QueueStatus"):
        if event.get("Event") == "QueueMember":
            group = group_of_queue(event["Queue"])
            phones_of_groups.setdefault(event["Name"], {})[group] = seat_of(event["Location"] + "-")
    return phones_of_groups


async def online(ami: Ami) -> set[str]:
    """Return the phones that are registered."""
    return {
        seat_of(event["Device"] + "-")
        for event in await ami.listing("DeviceStateList")
        if event.get("Device", "").startswith("PJSIP/") and event.get("State") not in _OFFLINE
    }


async def look_for(ami: Ami, phone: str) -> None:
    """Let Asterisk ask for a phone that it does not see; wait a moment for the answer.

    The front of a cluster knows of a registration at once; Asterisk asks it only every few seconds.
    """
    for look in range(_LOOKS):
        if phone in await online(ami):
            return
        if not look:
            with suppress(AmiError):  # there is no such phone
                await ami.action("PJSIPQualify", Endpoint=phone)
        await asyncio.sleep(_BETWEEN_LOOKS)


async def sign_in(ami: Ami, seat: str, phone: str, groups: Iterable[str]) -> None:
    """Add the seat (签入) at a phone to its groups' queues, ready. Signing in again only makes it ready."""
    await place(ami, seat, phone)
    for group in groups:
        with suppress(AmiError):  # the seat is in that queue already
            await _add(ami, seat, phone, group)
    await ready(ami, phone)


async def sign_out(ami: Ami, seat: str, phone: str, groups: Iterable[str]) -> None:
    """Take the seat (签出) out of queues."""
    for group in groups:
        with suppress(AmiError):  # the phone is not in that queue
            await _remove(ami, phone, group)
    await _place(ami, seat, phone, seat_there="", phone_there="")


async def join(ami: Ami, seat: str, phone: str, group: str) -> None:
    """Add the seat to a further queue, for now."""
    await _add(ami, seat, phone, group)


async def leave(ami: Ami, phone: str, group: str) -> None:
    """Take the phone out of a queue."""
    await _remove(ami, phone, group)


async def busy(ami: Ami, phone: str, reason: str = "") -> None:
    """Offer the seat at a phone no calls for now (置忙)."""
    await ami.action("QueuePause", Interface=f"PJSIP/{phone}", Paused="true", Reason=reason)


async def ready(ami: Ami, phone: str) -> None:
    """Offer the seat at a phone calls again (置闲)."""
    await ami.action("QueuePause", Interface=f"PJSIP/{phone}", Paused="false")


async def end_wrapup(ami: Ami, seat: str, phone: str, groups: Iterable[str]) -> None:
    """End a seat's wrap-up (话后整理), so that the next call is offered at once.

    Asterisk forgets the end of a seat's last call only if the seat leaves the queue. Both actions are sent at once,
    because a queue that is empty for longer would send its callers away.
    """
    for group in groups:
        await asyncio.gather(_remove(ami, phone, group), _add(ami, seat, phone, group), return_exceptions=True)


async def place(ami: Ami, seat: str, phone: str) -> None:
    """Store in Asterisk's database that a seat is signed in at a phone."""
    elsewhere = phone != seat
    await _place(ami, seat, phone, seat_there=seat if elsewhere else "", phone_there=phone if elsewhere else "")


async def _add(ami: Ami, seat: str, phone: str, group: str) -> None:
    await ami.action(
        "QueueAdd", Queue=queue_name(group), Interface=f"PJSIP/{phone}", Penalty="0", Paused="false", MemberName=seat
    )


async def _remove(ami: Ami, phone: str, group: str) -> None:
    await ami.action("QueueRemove", Queue=queue_name(group), Interface=f"PJSIP/{phone}")


async def _place(ami: Ami, seat: str, phone: str, *, seat_there: str, phone_there: str) -> None:
    """Store in Asterisk's database the seat at a phone and the phone of a seat; "" for the own seat or phone.

    The dialplan writes them, because Asterisk lets no manager write into its database.
    """
    placement = {("seat", phone): seat_there, ("phone", seat): phone_there}
    if await _stored_placement(ami, placement) == placement:
        return
    variables = {
        Variable.PLACED_SEAT: seat,
        Variable.PLACED_PHONE: phone,
        Variable.SEAT_THERE: seat_there,
        Variable.PHONE_THERE: phone_there,
    }
    await ami.action(
        "Originate",
        Channel="Local/s@place-seat/n",
        Application="NoOp",
        Async="true",
        Variable=[f"{name}={value}" for name, value in variables.items()],
    )
    for _look in range(_LOOKS):  # until the dialplan has written them, because a call that rings next reads them
        if await _stored_placement(ami, placement) == placement:
            return
        await asyncio.sleep(_BETWEEN_LOOKS)
    raise AmiError(_("Asterisk did not take note that seat {seat} is at {phone}").format(seat=seat, phone=phone))


async def _stored_placement(ami: Ami, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    values = {}
    for family, key in keys:
        try:
            events = await ami.listing("DBGet", Family=family, Key=key)
        except AmiError:  # the key was never written
            events = []
        values[family, key] = next((event["Val"] for event in events if "Val" in event), "")
    return values
