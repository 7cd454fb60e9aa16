"""Seats in their groups' queues: signing in and out, busy and ready.

An agent may sign in at the phone of any seat. Asterisk's own database keeps the phone of each signed-in seat and the
queues' members through restarts, and while a phone is offline.
"""

from collections.abc import Iterable

from ivr.asterisk.agi.call import Call
from ivr.asterisk.queue_names import queue_name
from ivr.asterisk.steps import Subroutine

_OF_A_PAGE = "web-"  # beginning of the name of a desk page's phone; see ivr.runtime.page_phones


def seat_of(channel: str) -> str:
    """Return the seat whose phone has the channel: 8001 of ``PJSIP/8001-0000001a``."""
    return channel.removeprefix("PJSIP/").rsplit("-", 1)[0]


async def seat_at(call: Call, phone: str) -> str:
    """Return the seat that signed in at a phone last; the phone's own seat if no other seat did."""
    return await call.get(f"DB(seat/{phone})") or phone.removeprefix(_OF_A_PAGE)


async def phone_of(call: Call, seat: str) -> str:
    """Return the phone at which a seat signed in last; its own phone if it signed in at no other."""
    return await call.get(f"DB(phone/{seat})") or seat


async def sign_in(call: Call, seat: str, phone: str, groups: Iterable[str]) -> None:
    """Add the seat (签入) at a phone to its groups' queues, ready. Signing in again only makes it ready."""
    elsewhere = phone != seat
    await call.set(f"DB(seat/{phone})", seat if elsewhere else "")
    await call.set(f"DB(phone/{seat})", phone if elsewhere else "")
    for group in groups:
        await call.run("AddQueueMember", queue_name(group), f"PJSIP/{phone}", "0", "", seat)
    await ready(call, phone)


async def sign_out(call: Call, seat: str, phone: str, groups: Iterable[str]) -> None:
    """Take the seat (签出) out of its groups' queues."""
    for group in groups:
        await call.run("RemoveQueueMember", queue_name(group), f"PJSIP/{phone}")
    await call.set(f"DB(seat/{phone})", "")
    await call.set(f"DB(phone/{seat})", "")


async def busy(call: Call, phone: str, reason: str = "") -> None:
    """Offer the seat at a phone no calls for now (置忙); ``reason`` is a word of `agi_scripts.seat.REASONS`."""
    await call.run("PauseQueueMember", "", f"PJSIP/{phone}", "", reason)


async def ready(call: Call, phone: str) -> None:
    """Offer the seat at a phone calls again (置闲)."""
    await call.run("UnpauseQueueMember", "", f"PJSIP/{phone}")


async def end_wrapup(call: Call, seat: str, phone: str, groups: Iterable[str]) -> None:
    """End a seat's wrap-up (话后整理), so that the next call is offered at once.

    Asterisk forgets the end of a seat's last call only if the seat leaves the queue. So the dialplan takes the seat out
    of its queues and puts it back at once, because a queue that is empty for longer would send its callers away.
    """
    for group in groups:
        await call.gosub(Subroutine("rejoin-queue", "s", (queue_name(group), f"PJSIP/{phone}", seat)))


async def is_signed_in(call: Call, phone: str, groups: Iterable[str]) -> bool:
    """Return whether the phone is in any of these groups' queues."""
    for group in groups:
        if phone in await signed_in(call, group):
            return True
    return False


async def signed_in(call: Call, group: str) -> list[str]:
    """Return the phones at which seats are signed in to a group."""
    members = await call.get(f"QUEUE_MEMBER_LIST({queue_name(group)})")
    return [member.removeprefix("PJSIP/") for member in members.split(",") if member]
