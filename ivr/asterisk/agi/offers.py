"""Offering a call to people: a queue of seats, one seat, or somebody behind the carrier.

Each verb returns when the offer is over and says how: somebody served the caller and has hung up, or why
nobody did. A caller who hangs up ends the script by `HungUp` instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.seats import phone_of
from ivr.asterisk.config.render import queue_name

_IN_USE = {"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"}
_NONE = {"", "0"}
_FIRST = 100  # priority in queues; no group has more than 9
_OFFER = "b(offer^s^1)"  # the dialplan context that puts our SIP headers on the ringing phone


class QueueEnd(StrEnum):
    """How a queue let its caller go. The words are Asterisk's QUEUESTATUS; leaving by key sets none."""

    SERVED = "CONTINUE"  # a seat answered, and its side of the call is over
    TIMEOUT = "TIMEOUT"
    FULL = "FULL"
    EMPTY = "JOINEMPTY"  # nobody could take it at the moment of joining
    EMPTIED = "LEAVEEMPTY"  # the last seat signed out or went away
    UNKNOWN = "UNKNOWN"  # no such queue: the configuration and the registry differ
    KEY = ""  # the caller pressed one of the keys of the dialplan's [waiting]; `key_pressed` tells which


class DialEnd(StrEnum):
    """How a dialled party's leg ended. The words are Asterisk's DIALSTATUS."""

    SERVED = "ANSWER"  # it answered, and its side of the call is over
    BUSY = "BUSY"
    SILENT = "NOANSWER"
    CONGESTION = "CONGESTION"
    UNREACHABLE = "CHANUNAVAIL"
    CANCELLED = "CANCEL"
    INVALID = "INVALIDARGS"


def log_tag(call: Call) -> str:
    """Return what Asterisk's own log calls this call in each line, ``C-00000001``; the dialplan hands it over."""
    return "".join(call.args[3:4]).strip("[]")


async def begin_step(call: Call, *, line: str, progress: str, since: datetime | None) -> None:
    """Write on the channel what others are to find there while a step is gone through.

    Args:
        call: the caller's channel.
        line: the number dialled, as registered, for ``ivr status``.
        progress: of the call, for the next script.
        since: when the caller began to wait for somebody, where that is in this step; ``[offer]`` adds how long it was.
    """
    waits = {"__HOTLINE_SINCE": str(int(since.timestamp()))} if since else {}
    await call.set_all({"CHANNEL(accountcode)": line, **waits, "PROGRESS": progress})


async def show_line(
    call: Call, *, line: str, display: str, needs_expert: bool, emergency: str = "", to_center: bool = False
) -> None:
    """Set what the phones that ring for this caller show: the caller-id name and our SIP headers.

    Args:
        call: the caller's channel.
        line: the number dialled, as registered.
        display: the line in words; appears as the caller's name.
        needs_expert: an expert should have answered (需专家).
        emergency: 110, 119, …; "" where it is none.
        to_center: Asterisk is to remember that this caller is brought to a center, until the caller is gone.
    """
    await call.set_all(
        {
            "CALLERID(name)": display,
            "__HOTLINE_CALL": call.id,
            "__HOTLINE_LINE": line,
            "__HOTLINE_NEEDS_EXPERT": "yes" if needs_expert else "",
            "__HOTLINE_EMERGENCY": emergency,
            **({"GROUP(center)": _caller_mark(call)} if to_center else {}),
        }
    )


async def prefer(call: Call, priority: int) -> None:
    """Put the caller, in the queue joined next, ahead of those with a lower priority in any queue of the same seats."""
    await call.set("QUEUE_PRIO", str(priority))  # app_queue reads it on joining


async def put_first(call: Call) -> None:
    """Put the caller ahead of everyone who waits in a queue."""
    await prefer(call, _FIRST)


async def name_line(call: Call, line: str) -> None:
    """Write the number dialled on the channel, where ``ivr status`` finds it."""
    await call.set("CHANNEL(accountcode)", line)


async def wait_in_queue(call: Call, group: str, limit: int | None) -> QueueEnd:
    """Wait for a seat of the group, with music and position, until one answers or the caller gives up.

    Args:
        call: the caller's.
        group: whose seats.
        limit: callers who may wait at once; None where this one must not be turned away. app_queue knows no exceptions.
    """
    if limit is not None and int(await call.get(f"QUEUE_WAITING_COUNT({queue_name(group)})") or 0) >= limit:
        return QueueEnd.FULL
    return await _queue(call, group, "tCc", "")


async def ring_first(call: Call, group: str, seconds: int) -> QueueEnd:
    """Ring a free seat of the group for that long, once."""
    return await _queue(call, group, "tCcrn", str(seconds))


async def _queue(call: Call, group: str, options: str, seconds: str) -> QueueEnd:
    await call.set("QUEUESTATUS", "")
    await call.run("Queue", queue_name(group), options + _OFFER, "", "", seconds)
    return QueueEnd(await call.get("QUEUESTATUS"))


async def seat_in_use(call: Call, seat: str) -> bool:
    """Say whether a seat's phone rings or talks now."""
    return await call.get(f"DEVICE_STATE(PJSIP/{await phone_of(call, seat)})") in _IN_USE


async def key_pressed(call: Call) -> str:
    """Return the key that the caller left the queue with."""
    return await call.get("EXTEN")  # where the dialplan will go on


async def ring_citizen(call: Call, number: str, seconds: int, *, shown: str, greeting: str) -> DialEnd:
    """Ring a citizen's number through the carrier, for an agent who may transfer the call as any other.

    Args:
        call: the agent's.
        number: digits, checked by `ivr.routing.callback`.
        seconds: how long.
        shown: the number that the citizen sees; from the registry.
        greeting: the prompt that the citizen hears on answering.
    """
    return await _dial(call, f"PJSIP/{number}@carrier", seconds, f"TA({greeting})f({shown})")


async def ring_seat(call: Call, seat: str, seconds: int) -> DialEnd:
    """Ring one seat, unless its phone is in use: nobody is offered two calls."""
    if await seat_in_use(call, seat):
        return DialEnd.BUSY
    return await _dial(call, f"PJSIP/{await phone_of(call, seat)}", seconds)


async def ring_carrier(call: Call, reach: str, seconds: int, *, shown: str = "") -> DialEnd:
    """Ring a number through the carrier.

    Args:
        call: who is to talk with it.
        reach: the number; from the registry, never from a caller.
        seconds: how long.
        shown: the number that it sees as its caller; the caller's own unless given. From the registry too.
    """
    # As the call's own CALLERID it would be lost again: in a consult, Asterisk writes the agent's there at any moment.
    return await _dial(call, f"PJSIP/{reach}@carrier", seconds, f"f({shown})" if shown else "")


async def _dial(call: Call, target: str, seconds: int, options: str = "") -> DialEnd:
    await call.run("Dial", target, str(seconds), "rg" + options + _OFFER)
    return DialEnd(await call.get("DIALSTATUS"))


async def join_service(call: Call, number: str, group: str | None, *, caller: str) -> bool:
    """Join the caller in one conference with an emergency service and a seat of the group, which are rung at once.

    The caller hears a prompt, then music until somebody comes. Whoever comes stays when the other leaves; when the
    caller leaves, it is over for all. Once it stands it needs no call script.

    Args:
        call: the caller's.
        number: of the service; only what the dialplan's context `emergency` holds can be rung.
        group: whose seats are rung, ahead of everyone who waits; None for none.
        caller: the number that the service sees, and may call back.

    Returns:
        Whether anybody served the caller; False as soon as nobody can come any more.
    """
    await call.set("__HOTLINE_CALLER", caller)
    await call.set("EMERGENCY", "alone")
    room = number
    if group is not None:
        await call.set("__HOTLINE_QUEUE", queue_name(group))
        await call.set("__HOTLINE_PRIORITY", str(_FIRST))
        room += "-agent"
    await call.run("Dial", f"Local/{room}@emergency/n", "", "g")
    return await call.get("EMERGENCY") == "served"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who of a group could take a call."""

    signed_in: bool  # any seat, with its phone reachable
    free: bool  # any that could be rung now


async def staff(call: Call, group: str) -> Staff:
    """Return the staff of a group at this moment."""
    return _staff(await call.get_all(*_staff_of(group)))


async def staff_and_came_back(call: Call, groups: Iterable[str]) -> tuple[dict[str, Staff], bool]:
    """Return the staff of each group, and whether this call is one of ours coming back.

    It is where the same caller is at a center now, or where it carries our own SIP header.
    """
    groups = list(groups)
    asked = [question for group in groups for question in _staff_of(group)]
    at_center = f"GROUP_COUNT({_caller_mark(call)}@center)"
    *counts, here, header = await call.get_all(*asked, at_center, "PJSIP_HEADER(read,X-Hotline-Call)")
    found = {group: _staff(pair) for group, *pair in zip(groups, counts[::2], counts[1::2], strict=True)}
    return found, bool(header) or here not in _NONE


async def has_seats(call: Call, groups: Iterable[str]) -> bool:
    """Say whether any seat of these groups is signed in, be its phone in reach or not."""
    counts = await call.get_all(*(f"QUEUE_MEMBER({queue_name(group)},count)" for group in groups))
    return any(count not in _NONE for count in counts)


def _staff_of(group: str) -> tuple[str, str]:
    return f"QUEUE_MEMBER({queue_name(group)},logged)", f"QUEUE_MEMBER({queue_name(group)},free)"


def _staff(counts: Sequence[str]) -> Staff:
    signed_in, free = (count not in _NONE for count in counts)
    return Staff(signed_in, free)


async def unmark_at_center(call: Call) -> None:
    """Forget that the caller is at a center, which took nobody: the next without a number does not come back."""
    await call.set("GROUP(center)", "")


def calls_up(call: Call) -> tuple[int, int]:
    """Return how many calls of this caller, and how many from the carrier, are up with this one.

    The dialplan counts them and hands them to the script behind the number dialled; 0 where it did not count.
    """
    counts = [int(count) if count.isascii() and count.isdecimal() else 0 for count in call.args[1:3]]
    of_caller, on_trunk = [*counts, 0, 0][:2]
    return of_caller, on_trunk


def _caller_mark(call: Call) -> str:
    return "".join(sign for sign in call.caller if sign.isascii() and sign.isdigit()) or "withheld"
