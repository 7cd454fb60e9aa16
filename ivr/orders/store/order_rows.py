"""Work orders and their events as rows, and back."""

import json
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderRole
from ivr.orders.order import Actor, Order, OrderEvent
from ivr.orders.order_clock import due_on
from ivr.orders.order_rates import RatedOrder, rated_part
from ivr.orders.word_pairs import normal_form
from ivr.records.derive.callback_state import subscriber

_BODY = msgspec.json.Decoder(Order)
_RATED = msgspec.json.Decoder(RatedOrder)


def order_to_row(order: Order, directory: OrderDirectory) -> dict[str, Any]:
    """Return the row of a work order."""
    return {
        "order": order.order,
        "sequence": order.sequence,
        "state": order.state.value,
        "unit": order.unit,
        "kind": order.kind,
        "class": order.klass,
        "county": order.county,
        "number": order.number,
        "subscriber": subscriber(order.caller),
        "call_id": order.call_id,
        "source": order.source or None,
        "confidential": order.confidential,
        "supervised": order.supervised,
        "enterprise": order.enterprise,
        "struck_off": order.struck_off_at is not None,
        "opened_at": order.opened_at,
        "first_dispatched_at": order.first_dispatched_at,
        "closed_at": order.closed_at,
        "due_on": due_on(order, directory),
        "rated": msgspec.json.encode(rated_part(order)).decode(),
        "body": msgspec.json.encode(order).decode(),
    }


def words_of(order: Order) -> str:
    """Return the words by which a work order is found, in the form of the search."""
    words = (order.title, order.content, order.said, order.place, order.contact, order.company)
    return normal_form("\n".join(filter(None, words)))


def order_from_body(body: str) -> Order:
    """Return the work order of a row."""
    return _BODY.decode(body)


def rated_from_text(text: str) -> RatedOrder:
    """Return the part of a row's work order that the rates read."""
    return _RATED.decode(text)


def event_to_row(event: OrderEvent) -> dict[str, Any]:
    """Return the row of an event."""
    return {
        "order": event.order,
        "sequence": event.sequence,
        "at": event.at,
        "act": event.act.value,
        "by": event.actor.name,
        "role": event.actor.role.value,
        "unit": event.actor.unit,
        "fields": json.dumps(event.fields, ensure_ascii=False),
    }


def event_from_row(row: RowMapping) -> OrderEvent:
    """Return the event of a row."""
    fields = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(row["fields"]).items()
    }
    actor = Actor(row["by"], OrderRole(row["role"]), row["unit"])
    return OrderEvent(row["order"], row["sequence"], row["at"], actor, OrderAct(row["act"]), fields)
