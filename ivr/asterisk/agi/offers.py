"""Offering a call to humans: to a queue of seats, to one seat, or to a number behind the carrier.

The dialplan offers a citizen's call after the script has left (`leave`). An agent's consult is offered while the script
waits: each function returns the end of the offer when the offer is over, and raises `HungUp` if the agent hangs up.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivr.asterisk import staff_elsewhere
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import AgiError, HungUp
from ivr.asterisk.agi.seats import phone_of
from ivr.asterisk.queue_names import queue_name
from ivr.asterisk.steps import Subroutine
from ivr.asterisk.variables import Variable
from ivr.texts import _

log = logging.getLogger(__name__)

_IN_USE = {"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"}
_NONE = {"", "0"}
_NOT_ENDED = "none"
_PROMPT_SECONDS = 300.0  # until the prompts of a step must have been played


class QueueEnd(StrEnum):
    """The end of a caller's wait in a queue. The words are Asterisk's QUEUESTATUS, except KEY."""

    SERVED = "CONTINUE"  # a seat answered, and has hung up
    TIMEOUT = "TIMEOUT"
    FULL = "FULL"
    EMPTY = "JOINEMPTY"  # no seat could take the call when the caller joined
    EMPTIED = "LEAVEEMPTY"  # the last seat signed out or went offline
    UNKNOWN = "UNKNOWN"  # no such queue: the configuration and the registry differ
    KEY = "KEY"  # the caller pressed a key of the dialplan's [queue-keys]; `key_pressed` returns the key


class DialEnd(StrEnum):
    """The end of a dialled party's leg. The words are Asterisk's DIALSTATUS."""

    SERVED = "ANSWER"  # the party answered, and has hung up
    BUSY = "BUSY"
    SILENT = "NOANSWER"
    CONGESTION = "CONGESTION"
    UNREACHABLE = "CHANUNAVAIL"
    CANCELLED = "CANCEL"
    INVALID = "INVALIDARGS"


async def open_call(call: Call, opening: Subroutine) -> None:
    """Carry out `ivr.asterisk.steps.open_call`."""
    await call.gosub(opening, _PROMPT_SECONDS)


async def ask_menu(call: Call, menu: Subroutine, seconds: int) -> None:
    """Carry out `ivr.asterisk.steps.ask_menu` or `open_and_ask`, which wait ``seconds`` for a key."""
    await call.gosub(menu, _PROMPT_SECONDS + seconds)


async def say(call: Call, prompts: Subroutine) -> None:
    """Carry out `ivr.asterisk.steps.say`."""
    await call.gosub(prompts, _PROMPT_SECONDS)


async def note_progress(call: Call, progress: str) -> None:
    """Write the progress of the call on its channel, for the next script."""
    await call.set(Variable.PROGRESS, progress)


async def begin_message(call: Call, work_order: str) -> None:
    """Let the dialplan make the work order of the message that is recorded now if the script dies."""
    await call.set_all({Variable.STEP: "message", Variable.MESSAGE: work_order})


async def end_message(call: Call) -> None:
    """Undo `begin_message`: the script has made the work order, or there is no message."""
    await call.set(Variable.STEP, "kept")


async def leave(call: Call, offer: Subroutine) -> None:
    """Have the dialplan carry out `leave`, `say_and_leave` or `open_and_leave` of `ivr.asterisk.steps`; then end."""
    await call.leave(offer)


async def report_problems(call: Call) -> None:
    """Log the problems of steps that the dialplan carried out after the script had left."""
    unplayed, unrecorded = await call.get_all(Variable.UNPLAYED, Variable.UNRECORDED)
    if unplayed:
        log.error(_("call %s: a prompt could not be played; Asterisk's log names it"), call.id)
    if unrecorded:
        log.error(_("call %s: not recorded; Asterisk's log says why"), call.id)
    if unplayed or unrecorded:
        await call.set_all({Variable.UNPLAYED: "", Variable.UNRECORDED: ""})


async def _end_of(call: Call, offer: Subroutine) -> str:
    """Carry out an offer, and return its end (`Variable.OFFER_END`).

    Raises:
        HungUp: the caller hung up during the offer.
        AgiError: the dialplan did not come to the end of the offer.
    """
    await call.gosub(offer, deadline=None)
    end = await call.get(Variable.OFFER_END)
    if not call.is_up:
        raise HungUp(call.id)
    if end == _NOT_ENDED:
        text = _("call {id}: the offer {name} did not come to its end")
        raise AgiError(text.format(id=call.id, name=offer.extension))
    return end


async def seat_in_use(call: Call, seat: str) -> bool:
    """Return whether a seat's phone rings or talks now."""
    return await call.get(f"DEVICE_STATE(PJSIP/{await phone_of(call, seat)})") in _IN_USE


async def key_pressed(call: Call) -> str:
    """Return the key by which the caller left the queue."""
    return await call.get(Variable.KEY)


async def waited(call: Call) -> float:
    """Return the seconds since the first offer of the caller."""
    since, now = await call.get_all(Variable.SINCE, "EPOCH")
    return float(now) - float(since)


async def ring_citizen(call: Call, number: str, seconds: int, *, shown: str, greeting: str) -> DialEnd:
    """Ring a citizen's number through the carrier, for an agent, who can use all feature codes in the call.

    Args:
        call: the agent's call.
        number: digits, checked by `ivr.routing.callback`.
        seconds: the longest time of ringing.
        shown: the number that the citizen sees; from the registry.
        greeting: the prompt that the citizen hears after answering.
    """
    options = f"rgTA({greeting})f({shown})"
    await call.gosub(Subroutine("call-out", "s", (number, str(seconds), options, "citizen")), deadline=None)
    return DialEnd(await call.get("DIALSTATUS"))


async def consult_seat(call: Call, seat: str, seconds: int) -> DialEnd:
    """Ring a seat for an agent, unless the seat's phone is in use, because no seat is offered two calls."""
    if await seat_in_use(call, seat):
        return DialEnd.BUSY
    party = Subroutine("consult-party", "seat", (await phone_of(call, seat), str(seconds)))
    return DialEnd(await _end_of(call, party))


async def consult_carrier(call: Call, reach: str, seconds: int, *, shown: str) -> DialEnd:
    """Ring a number through the carrier for an agent.

    Args:
        call: the agent's consult.
        reach: the number; from the registry.
        seconds: the longest time of ringing.
        shown: the number that the party sees as its caller; from the registry. It cannot be the CALLERID of the
            consult's channel, because Asterisk writes the agent's number there at any moment.
    """
    return DialEnd(await _end_of(call, Subroutine("consult-party", "carrier", (reach, str(seconds), shown))))


async def consult_group(call: Call, group: str, seconds: int) -> QueueEnd:
    """Ring a free seat of a group once for an agent."""
    return QueueEnd(await _end_of(call, Subroutine("consult-party", "group", (queue_name(group), str(seconds)))))


async def name_line(call: Call, line: str) -> None:
    """Write the number dialled on the channel, for ``ivr status``."""
    await call.set("CHANNEL(accountcode)", line)


@dataclass(frozen=True, slots=True)
class Staff:
    """The seats of a group that could take a call."""

    signed_in: bool  # a seat is signed in, and its phone is reachable
    free: bool  # a seat could be rung now
    has_seats: bool  # a seat is signed in, whether its phone is reachable or not


async def staff(call: Call, group: str) -> Staff:
    """Return the staff of a group at this moment."""
    *counts_here, text_elsewhere = await call.get_all(*_staff_of(group), Variable.STAFF)
    return _staff(staff_elsewhere.from_text(text_elsewhere).get(group, counts_here))


@dataclass(frozen=True, slots=True)
class CallState:
    """The state of a call and of the seats in Asterisk at this moment."""

    staff: dict[str, Staff]  # by group
    came_back: bool  # a center sent this call back: the caller is at a center now, or the call has X-Hotline-Call
    key: str  # the key with which the caller answered the menu, or left the queue; "" without a key
    opening_heard: bool  # whether the caller heard the opening before the menu to its end


async def call_state(call: Call, groups: Iterable[str]) -> CallState:
    """Return the state on which the next steps of a call depend. One command is enough unless the groups are many."""
    groups = list(groups)
    staff_questions = [question for group in groups for question in _staff_of(group)]
    at_center = f"GROUP_COUNT({_center_key(call)}@center)"
    call_itself = (at_center, Variable.KEY, Variable.UNHEARD, Variable.STAFF, "PJSIP_HEADER(read,X-Hotline-Call)")
    *counts, calls_at_center, key, unheard, text_elsewhere, header = await call.get_all(*staff_questions, *call_itself)
    staff_of_groups = {
        group: _staff(group_counts)
        for group, *group_counts in zip(groups, counts[::3], counts[1::3], counts[2::3], strict=True)
    }
    staff_of_groups |= {
        group: _staff(group_counts)
        for group, group_counts in staff_elsewhere.from_text(text_elsewhere).items()
        if group in staff_of_groups
    }
    return CallState(staff_of_groups, bool(header) or calls_at_center not in _NONE, key, not unheard)


def _staff_of(group: str) -> tuple[str, str, str]:
    name = queue_name(group)
    return f"QUEUE_MEMBER({name},logged)", f"QUEUE_MEMBER({name},free)", f"QUEUE_MEMBER({name},count)"


def _staff(counts: Sequence[str]) -> Staff:
    return Staff(*(count not in _NONE for count in counts))


def _center_key(call: Call) -> str:
    """Return the value of `Variable.CENTER_KEY`, because `Call.get` takes no variable as argument of a function."""
    return "".join(sign for sign in call.caller if sign.isascii() and sign.isdigit()) or "withheld"
