"""Acts on work orders at the desk. The life cycle decides; the desk names the actor, and adds fields of the call."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from ivr.desk.act_door import ActDoor
from ivr.desk.orders.order_actor import actor_of
from ivr.desk.orders.order_call import call_fields
from ivr.desk.orders.order_view import order_view
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor
from ivr.orders.act_fields import OrderChannel
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order import Actor
from ivr.orders.order_requests import OrderRequests
from ivr.people.rights import Act
from ivr.texts import _

_SET_BY_HOTLINE = ("source", "channel", "recording", "seconds", "stage", "said")  # fields that no person may set


class OrderActs:
    """Each method does the act of its name."""

    def __init__(self, orders: OrderRequests, door: ActDoor) -> None:
        """Add the acts to the door."""
        self._orders, self._door = orders, door
        door.add({Act.ORDER: self.act, Act.UNMASK_ORDER: self.unmask})

    async def act(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do an act of the life cycle; without ``order`` a new work order is opened."""
        order, act, fields = args.get("order", ""), args.get("act"), args.get("fields", {})
        if not isinstance(order, str) or not isinstance(act, str) or not isinstance(fields, dict):
            raise DeskRefused(422, "invalid", _("name the work order, the act and its fields"), "act")
        form_fields = {name: value for name, value in fields.items() if name not in _SET_BY_HOTLINE}
        if act == OrderAct.OPEN:
            form_fields |= await self._origin(visitor, form_fields)
        order_now = await order_answer(
            partial(self._orders.act, actor_json(actor_of(visitor)), order, act, form_fields)
        )
        return {"order": order_view(order_now)}

    async def unmask(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Show the citizen's whole number; leaves an audit line."""
        order = str(args.get("order", ""))[:40]
        order_json = await order_answer(partial(self._orders.show, actor_json(actor_of(visitor)), order), status=404)
        await self._door.audit(visitor, Act.UNMASK_ORDER, order)
        return {"caller": order_json["order"]["caller"]}

    async def _origin(self, visitor: Visitor, form_fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that no form has: the channel; for a call also number, caller's number and words."""
        call_id = form_fields.get("call_id")
        if isinstance(call_id, str) and call_id:
            call = await self._door.own_or_all(visitor, call_id, Act.READ_CALLS)
            return {**call_fields(call), **form_fields, "channel": OrderChannel.CALL.value}
        return {"channel": (OrderChannel.DESK if visitor.session else OrderChannel.API).value}


def actor_json(actor: Actor) -> dict[str, str]:
    """Return an actor in the form of `OrderRequests`."""
    return {"name": actor.name, "role": actor.role.value, "unit": actor.unit}


async def order_answer(request: partial[Any], status: int = 409) -> Any:  # noqa: ANN401 - what the function returns
    """Return the result of a function of `OrderRequests`, which runs outside the loop.

    Raises:
        DeskRefused: the request is refused.
    """
    try:
        return await asyncio.to_thread(request)
    except OrderActRefused as refusal:
        raise DeskRefused(
            status, "unknown" if status == 404 else "refused", str(refusal), refusal.field or None
        ) from None
