"""Seats in their groups' queues: signing in and out, busy and ready."""

from collections.abc import Iterable

from ivr.asterisk.call import Call
from ivr.asterisk.config import queue_name


def seat_of(channel: str) -> str:
    """Return the seat number in a channel name such as ``PJSIP/8001-0000001a``."""
    return channel.removeprefix("PJSIP/").rsplit("-", 1)[0]


async def sign_in(call: Call, seat: str, groups: Iterable[str]) -> None:
    """Add the seat (签入) to its groups' queues, ready. Signing in again only makes it ready."""
    for group in groups:
        await call.run("AddQueueMember", queue_name(group), f"PJSIP/{seat}", "0", "", seat)
    await ready(call, seat)


async def sign_out(call: Call, seat: str, groups: Iterable[str]) -> None:
    """Take the seat (签出) out of its groups' queues."""
    for group in groups:
        await call.run("RemoveQueueMember", queue_name(group), f"PJSIP/{seat}")


async def busy(call: Call, seat: str) -> None:
    """Offer the seat no calls for now (置忙)."""
    await call.run("PauseQueueMember", "", f"PJSIP/{seat}")


async def ready(call: Call, seat: str) -> None:
    """Offer the seat calls again (置闲)."""
    await call.run("UnpauseQueueMember", "", f"PJSIP/{seat}")


async def is_signed_in(call: Call, seat: str, groups: Iterable[str]) -> bool:
    """Say whether the seat is in any of its groups' queues."""
    for group in groups:
        if seat in await signed_in(call, group):
            return True
    return False


async def signed_in(call: Call, group: str) -> list[str]:
    """Return the seats that are signed in to a group."""
    members = await call.get(f"QUEUE_MEMBER_LIST({queue_name(group)})")
    return [member.removeprefix("PJSIP/") for member in members.split(",") if member]
