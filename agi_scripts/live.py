"""What the hotline knows at this moment, as a call's plan needs it."""

from ivr.asterisk import offers
from ivr.asterisk.call import Call
from ivr.registry.model import Registry
from ivr.routing.plan import Live


async def live_now(call: Call, registry: Registry) -> Live:
    """Ask Asterisk which groups are staffed, and whether this caller is already being brought to a center."""
    staff, came_back = await offers.staff_and_came_back(call, registry.groups)
    signed_in = frozenset(group for group, here in staff.items() if here.signed_in)
    free = frozenset(group for group in signed_in if staff[group].free)
    of_caller, on_trunk = offers.calls_up(call)
    return Live(signed_in, free, came_back, of_caller, on_trunk)
