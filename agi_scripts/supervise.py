"""``*61`` and a seat's number: a supervisor (班长席) at that seat's call."""

import logging

from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import monitoring, seats
from ivr.asterisk.agi.call import Call

log = logging.getLogger(__name__)


async def supervise(call: Call, services: ScriptServices) -> None:
    """Let the dialplan listen to a seat's call, if a supervisor's seat dials and the other seat serves a citizen."""
    phone, watched = call.args
    await call.answer()
    own = await seats.seat_at(call, phone)
    seat = services.registry.seats.get(own)
    if seat is None or not seat.supervisor:
        log.warning("seat %s has no supervisor's right and dialled *61", own, extra={"plain": (own,)})
        await call.play("supervise-no-right")
        return
    if await monitoring.may_be_joined(call, phone):
        await call.play("beeperr")
        return
    found = await monitoring.serving(call, watched) if watched in services.registry.seats and watched != own else None
    if found is None:
        await call.play("supervise-no-call")
        return
    channel, citizens = found
    await monitoring.watch(call, channel=channel, of=citizens, seat=watched, by=own, role="supervisor")
