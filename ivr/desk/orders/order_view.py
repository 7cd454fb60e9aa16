"""The desk's view of work orders: the citizen's number is masked, and a list holds no name. Pure."""

from collections.abc import Mapping
from typing import Any

from ivr.call_events.masked_caller import masked
from ivr.orders.act_fields import Ground, ground_title
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderState, act_title, state_title

_CONDITIONS = (
    "state", "unit", "number", "kind", "class", "county", "caller", "call_id", "words", "since", "until", "due_by",
    "supervised", "overdue", "enterprise", "ledger",
)  # fmt: skip
_LONGEST = 200  # characters of a condition
_NOT_IN_LISTS = ("content", "contact", "said", "answer", "opinion")


def order_view(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work order, for a person who opens it in the page."""
    return {**order, "caller": masked(order["caller"]), "state_title": state_title(OrderState(order["state"]))}


def order_line(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work order as a line of a list."""
    return {name: value for name, value in order_view(order).items() if name not in _NOT_IN_LISTS}


def event_view(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an act that was done."""
    fields = dict(event["fields"])
    if "caller" in fields:
        fields["caller"] = masked(fields["caller"])
    return {**event, "fields": fields, "title": act_title(OrderAct(event["act"]))}


def directory_words(directory: OrderDirectory) -> dict[str, Any]:
    """Return the names that a form offers."""
    return {
        "units": list(directory.units),
        "officers": [
            {"officer": officer.name, "unit": officer.unit, "phone": officer.phone, "topics": list(officer.topics)}
            for officer in directory.officers.values()
        ],
        "has_ledger": bool(directory.ledger_kinds),
        "kinds": [{"kind": kind.name, "title": kind.title, "days": kind.days} for kind in directory.kinds.values()],
        "classes": [{"class": klass.name, "title": klass.title} for klass in directory.classes.values()],
        "counties": list(directory.counties),
        "grounds": [{"ground": ground.value, "title": ground_title(ground)} for ground in Ground],
        "states": [{"state": state.value, "title": state_title(state)} for state in OrderState],
    }


def conditions_of(query: Mapping[str, str]) -> dict[str, str]:
    """Return the conditions of a list that a query names."""
    return {name: query[name][:_LONGEST] for name in _CONDITIONS if query.get(name)}
