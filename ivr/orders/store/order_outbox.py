"""Notifications of acts, for a desktop program or a platform, in the outbox (`ivr.records.store.outbox`).

A notification is stored in the transaction of its act. The notifications of one work order are delivered in order, each
with an id of its own, so that a receiver recognises a notification that comes twice.
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
    """Return the notification; without free text and the citizen's number if the work order is confidential. Pure."""
    body, due_day = event_to_json(event), due_on(order, directory)
    shared_fields = {name: value for name, value in body["fields"].items() if name not in _PRIVATE}
    return body | {
        "id": f"{order.order}:{event.sequence}",
        "event": "order",
        "order": order.order,
        "state": order.state.value,
        "main_unit": order.unit,
        "due_on": due_day and due_day.isoformat(),
        "confidential": order.confidential,
        "fields": {} if order.confidential else shared_fields,
    }
