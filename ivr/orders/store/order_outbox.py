"""Notifications of acts, for a desktop program or a platform, in the outbox (`ivr.records.store.outbox`).

They are stored with the act, in one transaction. Those of one work order are delivered in order, each by an id of its
own, so that a receiver that got one twice knows it.
"""

import json
from typing import Any

from sqlalchemy import Connection, insert

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.order import Order, OrderEvent
from ivr.orders.order_clock import due_on
from ivr.orders.order_json import event_to_json
from ivr.records.store.schema import OUTBOX

_PRIVATE = ("caller", "contact")  # a receiver that needs the person asks for the work order


def put_notification(connection: Connection, order: Order, event: OrderEvent, directory: OrderDirectory) -> None:
    """Store the notification of an act, if it has a receiver."""
    if not directory.notifies:
        return
    connection.execute(
        insert(OUTBOX).values(
            event=f"{order.order}:{event.sequence}",
            call_id=order.order,
            body=json.dumps(notification_body(order, event, directory), ensure_ascii=False),
            made_at=event.at,
            next_at=event.at,
            tries=0,
        )
    )


def notification_body(order: Order, event: OrderEvent, directory: OrderDirectory) -> dict[str, Any]:
    """Return the notification; that of a confidential work order has neither words nor the citizen's number. Pure."""
    body, due = event_to_json(event), due_on(order, directory)
    fields = {} if order.confidential else {k: v for k, v in body["fields"].items() if k not in _PRIVATE}
    return body | {
        "id": f"{order.order}:{event.sequence}",
        "event": "order",
        "order": order.order,
        "state": order.state.value,
        "main_unit": order.unit,
        "due_on": due and due.isoformat(),
        "confidential": order.confidential,
        "fields": fields,
    }
