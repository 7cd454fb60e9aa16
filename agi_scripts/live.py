"""What the hotline knows at this moment, as a call's plan needs it."""

import asyncio

from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.incoming_call import IncomingCall
from ivr.registry.model import Registry
from ivr.routing.plan import Live

_FOUND = 1.2  # seconds after its start in which Asterisk has asked all phones whether they are there; see pjsip.conf.j2


async def live_now(call: Call, registry: Registry, incoming: IncomingCall) -> Live:
    """Ask Asterisk which groups are staffed, and whether this caller is already being brought to a center.

    Where seats are signed in and not one phone of all is in reach, Asterisk may just have been started: the caller
    waits a moment, rather than leave a message to agents who are there.
    """
    staff, came_back = await offers.staff_and_came_back(call, registry.groups)
    if not any(here.signed_in for here in staff.values()) and await offers.has_seats(call, registry.groups):
        await asyncio.sleep(_FOUND)
        staff, came_back = await offers.staff_and_came_back(call, registry.groups)
    signed_in = frozenset(group for group, here in staff.items() if here.signed_in)
    free = frozenset(group for group in signed_in if staff[group].free)
    return Live(signed_in, free, came_back, incoming.calls_of_caller, incoming.calls_on_trunk)
