"""Messages from a platform: acts on work orders, and new work orders. A message that comes twice has one effect.

A message is JSON: ``{"id", "act", "order", "fields"}``. A message with the act "open" makes a work order here, and has
no ``order``. If a unit's work orders go to the platform, its acts on these are the unit's own.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from ivr.orders.act_decision import ActRequest
from ivr.orders.act_fields import OrderChannel
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import RULES, OrderAct, OrderRole
from ivr.orders.order import Actor, Order
from ivr.orders.perform import perform_act_within
from ivr.orders.platform_model import Platform
from ivr.orders.store import order_store
from ivr.orders.store.order_store import ChangedMeanwhile
from ivr.platforms.platform_message import source_prefix
from ivr.platforms.push_schema import PLATFORM_RECEIPTS
from ivr.records.store.database import Database
from ivr.texts import _

_TRIES = 5  # because another act on the work order, or the same message, may come at the same moment
_ID = re.compile(r"[\w.:/-]{1,60}", re.ASCII)


def receive_message(
    database: Database, platform: Platform, message: Mapping[str, Any], directory: OrderDirectory, now: datetime
) -> dict[str, Any]:
    """Do the act of a message, and return the response to the platform: the work order's number and state.

    Args:
        database: the call database.
        platform: the platform that signed the message.
        message: JSON, unchecked.
        directory: the content of orders.yaml in force.
        now: aware.

    Raises:
        OrderActRefused: the message asks for an act that the platform may not do; nothing was changed.
        DatabaseUnusable: the database cannot be used.
    """
    name = message.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise OrderActRefused(_("id: must be 1 to 60 letters, digits or . : / _ -"), "id")
    for _try in range(_TRIES):
        try:
            with database.begin() as connection:
                earlier_response = _earlier_response(connection, platform, name)
                if earlier_response is not None:
                    return earlier_response
                order = _perform(connection, platform, message, directory, now)
                response = {"id": name, "order": order.order, "state": order.state.value}
                receipt = {
                    "platform": platform.name,
                    "message": name,
                    "received_at": now,
                    "result": json.dumps(response),
                }
                connection.execute(insert(PLATFORM_RECEIPTS).values(receipt))
                return response
        except (ChangedMeanwhile, IntegrityError):
            continue
    raise OrderActRefused(_("others changed the work order at the same moment: send the message again"))


def _earlier_response(connection: Connection, platform: Platform, name: str) -> dict[str, Any] | None:
    """Return the earlier response to a message; None if the message is new."""
    receipts = PLATFORM_RECEIPTS.c
    receipt = select(receipts.result).where(receipts.platform == platform.name, receipts.message == name)
    response = connection.scalar(receipt)
    return None if response is None else json.loads(response)


def _perform(
    connection: Connection, platform: Platform, message: Mapping[str, Any], directory: OrderDirectory, now: datetime
) -> Order:
    act, fields, number = message.get("act"), message.get("fields", {}), message.get("order", "")
    if act not in [act_value.value for act_value in OrderAct]:
        raise OrderActRefused(_("there is no act {act}").format(act=repr(act)[:40]), "act")
    if not isinstance(fields, dict) or not isinstance(number, str):
        raise OrderActRefused(_("fields: must be an object, and order a text"), "fields")
    order_act = OrderAct(act)
    order = order_store.find(connection, number) if number else None
    request = ActRequest(order_act, _actor(platform, order, order_act, directory), fields)
    if order_act is OrderAct.OPEN:
        # A source has no slash, and an id no asterisk: each id keeps a source of its own.
        source = source_prefix(platform) + message["id"].replace("/", "*")
        origin = {"source": source, "channel": OrderChannel.PLATFORM.value}
        request = ActRequest(order_act, request.actor, {**fields, **origin})
        number = ""
    return perform_act_within(connection, number, request, directory, now)


def _actor(platform: Platform, order: Order | None, act: OrderAct, directory: OrderDirectory) -> Actor:
    """Return the actor of a platform's act: the unit of the work order if the unit is the platform's, or the platform.

    Raises:
        OrderActRefused: the platform may not do the act.
    """
    unit = directory.units.get(order.unit) if order else None
    if unit and unit.platform == platform.name and OrderRole.UNIT in RULES[act].roles:
        return Actor(platform.name, OrderRole.UNIT, unit.name)
    if act not in platform.accepts:
        accepted = ", ".join(sorted(platform.accepts)) or _("nothing")
        message = _("{act}: orders.yaml accepts this from {platform}: {accepted}")
        raise OrderActRefused(message.format(act=act, platform=platform.name, accepted=accepted), "act")
    return Actor(platform.name, OrderRole.PLATFORM)
