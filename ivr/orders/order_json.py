"""Work orders and their events as JSON for commands, desk and API. The names of members never change."""

from datetime import datetime
from typing import Any

import msgspec

from ivr.orders.act_decision import may_see
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import RULES, OrderAct, act_title
from ivr.orders.order import Actor, Order, OrderEvent
from ivr.orders.order_clock import accept_on, due_on, is_overdue
from ivr.orders.order_rates import RateRow
from ivr.orders.suggestion import Suggestion


def order_to_json(order: Order, directory: OrderDirectory, now: datetime) -> dict[str, Any]:
    """Return a work order: times in ISO 8601, UTC; days as dates of the city; "" and null for unknown values."""
    body: dict[str, Any] = msgspec.to_builtins(order)
    due_day, acceptance_day = due_on(order, directory), accept_on(order, directory)
    return {("class" if name == "klass" else name): value for name, value in body.items()} | {
        "due_on": due_day and due_day.isoformat(),
        "accept_on": acceptance_day and acceptance_day.isoformat(),
        "overdue": is_overdue(order, directory, now),
    }


def event_to_json(event: OrderEvent) -> dict[str, Any]:
    """Return an event of a work order as JSON."""
    return {
        "sequence": event.sequence,
        "at": msgspec.to_builtins(event.at),
        "act": event.act.value,
        "by": event.actor.name,
        "role": event.actor.role.value,
        "unit": event.actor.unit,
        "fields": msgspec.to_builtins(dict(event.fields)),
    }


def suggestion_to_json(suggestion: Suggestion) -> dict[str, Any]:
    """Return the suggestions of the dispatch directory."""
    body: dict[str, Any] = msgspec.to_builtins(suggestion)
    return {("class" if name == "klass" else name): value for name, value in body.items()}


def act_to_json(act: OrderAct) -> dict[str, Any]:
    """Return an act with the fields that a person has to give and may give."""
    rule = RULES[act]
    return {
        "act": act.value,
        "title": act_title(act),
        "needs": list(rule.needs),
        "may": [field for field in rule.may if field not in ("stage", "call_id")],
    }


def brief_to_json(order: Order, actor: Actor) -> dict[str, Any]:
    """Return a row of a list of similar work orders, without content that the actor may not see."""
    is_open = may_see(order, actor)
    return {
        "order": order.order,
        "state": order.state.value,
        "opened_at": msgspec.to_builtins(order.opened_at),
        "title": order.title if is_open else "",
        "unit": order.unit if is_open else "",
    }


def rate_row_to_json(row: RateRow) -> dict[str, Any]:
    """Return a row of the four rates; the row of all has the name ""."""
    return {
        "name": row.name,
        "dispatched": list(row.dispatched),
        **{
            rate.value: {"share": figure.share, "met": list(figure.met), "missed": list(figure.missed)}
            for rate, figure in row.figures.items()
        },
    }
