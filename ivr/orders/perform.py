"""Performs acts on work orders for commands, desk, API, telephone and deadlines. Nothing else writes work orders."""

from datetime import datetime

from sqlalchemy import Connection

from ivr.orders.act_decision import ActRequest, decide_act
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order import Order
from ivr.orders.store import order_store
from ivr.orders.store.order_outbox import put_notification
from ivr.orders.store.order_store import ChangedMeanwhile
from ivr.records.store.database import Database
from ivr.records.store.retried import retried
from ivr.texts import _


def perform_act(
    database: Database, number: str, request: ActRequest, directory: OrderDirectory, now: datetime
) -> Order:
    """Do an act, and return the work order after it.

    Args:
        database: the call database.
        number: the number of the work order; "" opens a new one.
        request: the act, its actor and its fields.
        directory: the content of orders.yaml in force.
        now: aware.

    Raises:
        OrderActRefused: the act may not be done; nothing was changed.
        DatabaseUnusable: the database cannot be used.
    """
    try:
        return retried(
            database,
            lambda connection: perform_act_within(connection, number, request, directory, now),
            ChangedMeanwhile,
        )
    except ChangedMeanwhile:
        text = _("others changed the work order at the same moment: look at it, and try again")
        raise OrderActRefused(text) from None


def perform_act_within(
    connection: Connection, number: str, request: ActRequest, directory: OrderDirectory, now: datetime
) -> Order:
    """Do what `perform_act` does, in the transaction of ``connection``.

    Raises:
        OrderActRefused: the act may not be done.
        ChangedMeanwhile: another act was done at the same moment.
    """
    order = target = None
    if request.act is OrderAct.OPEN:
        number = order_store.new_number(connection, now)
    else:
        order = order_store.find(connection, number)
    if request.act is OrderAct.MERGE:
        target = order_store.find(connection, str(request.fields.get("into", "")))
    event = decide_act(order, number, request, directory, now, target)
    changed_order = order_store.write(connection, order, event, directory)
    put_notification(connection, changed_order, event, directory)
    return changed_order
