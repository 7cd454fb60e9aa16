"""Callers who are rejected, and hear the emergency numbers only: the block list and the limits of calls at once. Pure.

The hotline never rejects a citizen because of the matter of the call (不予受理 is an agent's decision). It rejects
numbers on the supervised block list, and calls beyond the limits of one caller and of the trunk.
"""

from datetime import date

from ivr.call_events.values import Reason
from ivr.registry.model import Registry
from ivr.routing.plan import Live, Say
from ivr.routing.spelling import registered_form


def rejection(registry: Registry, caller: str, today: date, live: Live) -> Say | None:
    """Return the only step of a rejected caller; None if the caller is not rejected.

    Args:
        registry: has the block list and the limits.
        caller: the number as delivered, in any spelling; a withheld number is on no list.
        today: today.
        live: the number of calls that are up.
    """
    blocked = {
        registered_form(registry.city, (), entry.number): entry
        for entry in registry.blocked.values()
        if today <= entry.until
    }
    if entry := blocked.get(registered_form(registry.city, blocked, caller)):
        return Say(("blocked",), Reason.BLOCKED, entry.place)
    if live.came_back:  # because its first leg already counts
        return None
    if live.of_caller > registry.limits.caller:
        return Say(("lines-busy",), Reason.CALLER_LIMIT, None)
    if live.on_trunk > registry.limits.trunk:
        return Say(("lines-busy",), Reason.TRUNK_LIMIT, None)
    return None
