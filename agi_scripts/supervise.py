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
    own_seat = await seats.seat_at(call, phone)
    seat = services.registry.seats.get(own_seat)
    if seat is None or not seat.supervisor:
        log.warning("seat %s has no supervisor's right and dialled *61", own_seat, extra={"plain": (own_seat,)})
        await call.play("supervise-no-right")
        return
    if await monitoring.may_be_joined(call, phone):
        await call.play("beeperr")
        return
    serving = (
        await monitoring.serving_channel(call, watched)
        if watched in services.registry.seats and watched != own_seat
        else None
    )
    if serving is None:
        await call.play("supervise-no-call")
        return
    channel, citizens_call = serving
    await monitoring.watch(
        call, channel=channel, citizens_call=citizens_call, seat=watched, watcher=own_seat, role="supervisor"
    )
