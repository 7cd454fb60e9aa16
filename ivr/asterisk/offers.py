"""Offering a call to people: a queue of seats, one seat, or somebody behind the carrier.

Each verb returns when the offer is over and says how: somebody served the caller and has hung up, or why
nobody did. A caller who hangs up ends the script by `HungUp` instead.
"""

from enum import StrEnum

from ivr.asterisk.call import Call
from ivr.asterisk.config import queue_name
from ivr.asterisk.seats import phone_of

_IN_USE = {"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"}
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


async def show_line(call: Call, *, line: str, display: str, needs_expert: bool, emergency: str = "") -> None:
    """Set what the phones that ring for this caller show: the caller-id name and our SIP headers.

    Args:
        call: the caller's channel.
        line: the number dialled, as registered.
        display: the line in words; appears as the caller's name.
        needs_expert: an expert should have answered (需专家).
        emergency: 110, 119, …; "" where it is none.
    """
    if not await call.get("HOTLINE_SINCE"):
        await call.set("__HOTLINE_SINCE", await call.get("EPOCH"))  # [offer] adds how long the caller has waited
    await call.set("CALLERID(name)", display)
    await call.set("__HOTLINE_CALL", call.id)
    await call.set("__HOTLINE_LINE", line)
    await call.set("__HOTLINE_NEEDS_EXPERT", "yes" if needs_expert else "")
    await call.set("__HOTLINE_EMERGENCY", emergency)


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


async def seats_signed_in(call: Call, group: str) -> bool:
    """Say whether any seat of the group is signed in with its phone reachable."""
    return await call.get(f"QUEUE_MEMBER({queue_name(group)},logged)") not in {"", "0"}


async def seats_free(call: Call, group: str) -> bool:
    """Say whether any seat of the group could be rung now."""
    return await call.get(f"QUEUE_MEMBER({queue_name(group)},free)") not in {"", "0"}


async def mark_at_center(call: Call) -> None:
    """Remember, in Asterisk, that this caller is brought to a center; forgotten when the caller is gone."""
    await call.set("GROUP(center)", _caller_mark(call))


async def unmark_at_center(call: Call) -> None:
    """Forget it: the center took nobody. Else the next caller who withholds the number would "come back"."""
    await call.set("GROUP(center)", "")


async def came_back(call: Call) -> bool:
    """Say whether this call is one of ours coming back: same caller at a center now, or our own SIP header."""
    if await call.get("PJSIP_HEADER(read,X-Hotline-Call)"):
        return True
    return await call.get(f"GROUP_COUNT({_caller_mark(call)}@center)") not in {"", "0"}


def calls_up(call: Call) -> tuple[int, int]:
    """Return how many calls of this caller, and how many from the carrier, are up with this one.

    The dialplan counts them and hands them to the script behind the number dialled; 0 where it did not count.
    """
    counts = [int(count) if count.isascii() and count.isdecimal() else 0 for count in call.args[1:3]]
    of_caller, on_trunk = [*counts, 0, 0][:2]
    return of_caller, on_trunk


def _caller_mark(call: Call) -> str:
    return "".join(sign for sign in call.caller if sign.isascii() and sign.isdigit()) or "withheld"
