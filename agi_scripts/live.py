"""What the hotline knows at this moment, as a call's plan needs it."""

from ivr.asterisk import offers
from ivr.asterisk.call import Call
from ivr.registry.model import Registry
from ivr.routing.plan import Live


async def live_now(call: Call, registry: Registry) -> Live:
    """Ask Asterisk which groups are staffed, and whether this caller is already being brought to a center."""
    signed_in = [group for group in registry.groups if await offers.seats_signed_in(call, group)]
    free = [group for group in signed_in if await offers.seats_free(call, group)]
    of_caller, on_trunk = offers.calls_up(call)
    return Live(frozenset(signed_in), frozenset(free), await offers.came_back(call), of_caller, on_trunk)
