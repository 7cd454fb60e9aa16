"""The state of seats and calls at this moment, as a plan needs it."""

import asyncio
from collections.abc import Iterable

from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.incoming_call import IncomingCall
from ivr.registry.model import Registry
from ivr.routing.plan import Live

_ALL_PHONES_ASKED = 1.2  # seconds from Asterisk's start until it has qualified all contacts; see pjsip.conf.j2


async def live_now(call: Call, registry: Registry, incoming: IncomingCall, groups: Iterable[str] = ()) -> Live:
    """Ask Asterisk which groups are staffed, and whether this call comes back from a center.

    Args:
        call: the caller's call.
        registry: the registry of this call.
        incoming: the call as it came in.
        groups: the groups to ask for (`ivr.routing.staffing`); all groups unless given. Others count as not staffed.
    """
    groups = tuple(groups or registry.groups)
    staff, came_back = await offers.staff_and_came_back(call, groups)
    here = staff.values()
    if any(each.has_seats for each in here) and not any(each.signed_in for each in here):
        # No phone is in reach: Asterisk may just have been started. A message would be wrong while agents are there.
        await asyncio.sleep(_ALL_PHONES_ASKED)
        staff, came_back = await offers.staff_and_came_back(call, groups)
    signed_in = frozenset(group for group, here in staff.items() if here.signed_in)
    free = frozenset(group for group in signed_in if staff[group].free)
    return Live(signed_in, free, came_back, incoming.calls_of_caller, incoming.calls_on_trunk)
