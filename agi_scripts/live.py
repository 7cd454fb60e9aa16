"""The state of seats and calls at this moment, as a plan needs it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.incoming_call import IncomingCall
from ivr.registry.model import Registry
from ivr.routing.plan import Live

_ALL_PHONES_ASKED = 1.2  # seconds from Asterisk's start until it has qualified all contacts; see pjsip.conf.j2


@dataclass(frozen=True, slots=True)
class MenuResult:
    """The end of a menu that the dialplan asked, and the state at that moment."""

    key: str  # "" if the caller pressed none
    opening_heard: bool  # to its end
    live: Live


async def live_now(call: Call, registry: Registry, incoming: IncomingCall, groups: Iterable[str] = ()) -> Live:
    """Ask Asterisk which groups are staffed, and whether this call comes back from a center.

    Args:
        call: the caller's call.
        registry: the registry of this call.
        incoming: the call as it came in.
        groups: the groups to ask for (`ivr.routing.staffing`); all groups unless given. Others count as not staffed.
    """
    return _live(await _state(call, tuple(groups or registry.groups)), incoming)


async def menu_result(call: Call, registry: Registry, incoming: IncomingCall) -> MenuResult:
    """Ask for the key that answers the menu together with what `live_now` asks for."""
    state = await _state(call, tuple(registry.groups))
    return MenuResult(state.key, state.opening_heard, _live(state, incoming))


async def _state(call: Call, groups: tuple[str, ...]) -> offers.CallState:
    state = await offers.call_state(call, groups)
    staff_of_groups = state.staff.values()
    if any(staff.has_seats for staff in staff_of_groups) and not any(staff.signed_in for staff in staff_of_groups):
        # No phone is in reach: Asterisk may just have been started. A message would be wrong while agents are there.
        await asyncio.sleep(_ALL_PHONES_ASKED)
        state = await offers.call_state(call, groups)
    return state


def _live(state: offers.CallState, incoming: IncomingCall) -> Live:
    signed_in = frozenset(group for group, staff in state.staff.items() if staff.signed_in)
    free = frozenset(group for group in signed_in if state.staff[group].free)
    return Live(signed_in, free, state.came_back, incoming.calls_of_caller, incoming.calls_on_trunk)
