"""Decides whether an act on a work order is allowed: returns its event, or the reason against it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.field_checks import FieldRefused
from ivr.orders.act_fields import FieldValue, checked_field
from ivr.orders.act_limits import OrderActRefused, refuse_beyond_limits, refuse_merge
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import RULES, ActRule, OrderAct, OrderRole, act_title, role_title, state_title
from ivr.orders.order import Actor, Order, OrderEvent
from ivr.texts import _

_ACTS_THAT_START_A_CLOCK = (OrderAct.DISPATCH, OrderAct.REFER, OrderAct.REASSIGN, OrderAct.DISPUTE, OrderAct.REDO)


@dataclass(frozen=True, slots=True)
class ActRequest:
    """An act that a person or the hotline asks for."""

    act: OrderAct
    actor: Actor
    fields: Mapping[str, Any] = field(default_factory=dict)  # unchecked


def decide_act(
    order: Order | None,
    name: str,
    request: ActRequest,
    directory: OrderDirectory,
    now: datetime,
    target: Order | None = None,
) -> OrderEvent:
    """Return the event that an act makes.

    Args:
        order: the present work order; None to open a new one.
        name: the number of the work order.
        request: the act, its actor and its fields.
        directory: the content of orders.yaml in force.
        now: aware; an event is never earlier than the event before it.
        target: the work order that the field ``into`` names; None if there is none.

    Raises:
        OrderActRefused: the act may not be done.
    """
    act, actor, rule = request.act, request.actor, RULES[request.act]
    _refuse_state(order, name, rule, act)
    _refuse_actor(order, rule, act, actor)
    fields = _checked_fields(rule, act, request.fields)
    _refuse_unknown(fields, directory)
    if order is not None:
        refuse_beyond_limits(order, act, actor, fields, directory, now)
        if act is OrderAct.MERGE:
            refuse_merge(order, fields, target)
    if act in _ACTS_THAT_START_A_CLOCK:
        assert order is not None
        fields["days"] = directory.kinds[_kind(order, directory)].days
    if act is OrderAct.REFER:
        fields["unit"] = directory.officers[str(fields["officer"])].unit
    kind = directory.kinds.get(str(fields.get("kind", "")))
    if kind and kind.confidential:
        fields.setdefault("confidential", True)
    event_time = max(now, order.changed_at) if order else now
    return OrderEvent(name, order.sequence + 1 if order else 1, event_time, actor, act, fields)


def may_see(order: Order, actor: Actor) -> bool:
    """Return whether a person may see a work order. A unit sees its own; few roles see a confidential work order."""
    if actor.role is OrderRole.UNIT:
        return actor.unit == order.unit or (actor.unit in order.helpers and not order.confidential)
    if order.confidential:
        return actor.role in (OrderRole.SUPERVISOR, OrderRole.HOTLINE)
    return actor.role is not OrderRole.CITIZEN


def possible_acts(order: Order, actor: Actor) -> list[OrderAct]:
    """Return the acts on a work order that its state and the person's role allow."""
    allowed_acts: list[OrderAct] = []
    for act, rule in RULES.items():
        try:
            _refuse_state(order, order.order, rule, act)
            _refuse_actor(order, rule, act, actor)
        except OrderActRefused:
            continue
        if act is not OrderAct.OPEN:
            allowed_acts.append(act)
    return allowed_acts


def _kind(order: Order, directory: OrderDirectory) -> str:
    return order.kind if order.kind in directory.kinds else directory.default_kind


def _refuse_state(order: Order | None, name: str, rule: ActRule, act: OrderAct) -> None:
    if order is None:
        if rule.begin:
            raise OrderActRefused(_("there is no work order {order}").format(order=name))
    elif order.state not in rule.begin:
        message = _("work order {order} is {state}, which does not allow: {act}; these states allow it: {states}")
        states = ", ".join(map(state_title, rule.begin)) or _("new")
        raise OrderActRefused(
            message.format(order=order.order, state=state_title(order.state), act=act_title(act), states=states)
        )


def _refuse_actor(order: Order | None, rule: ActRule, act: OrderAct, actor: Actor) -> None:
    if actor.role not in rule.roles:
        message = _("{act} is not for: {role}; it is for: {roles}")
        roles = ", ".join(map(role_title, rule.roles))
        raise OrderActRefused(message.format(act=act_title(act), role=role_title(actor.role), roles=roles))
    if order is None:
        return
    if actor.role is OrderRole.UNIT:
        its_own = (order.unit, *order.helpers) if rule.helpers else (order.unit,)
        if not actor.unit or actor.unit not in its_own:
            message = _("work order {order} is with {unit}, and not with {other}")
            raise OrderActRefused(message.format(order=order.order, unit=order.unit or "—", other=actor.unit or "—"))
        if act is OrderAct.ASSIST and actor.unit == order.unit:
            raise OrderActRefused(
                _("{unit} has the main work order: it answers, and does not assist").format(unit=actor.unit)
            )
    if not may_see(order, actor) and actor.role is not OrderRole.CITIZEN:
        raise OrderActRefused(_("work order {order} is confidential: ask a supervisor").format(order=order.order))


def _checked_fields(rule: ActRule, act: OrderAct, fields_given: Mapping[str, Any]) -> dict[str, FieldValue]:
    fields: dict[str, FieldValue] = {}
    for key, value in fields_given.items():
        if key not in (*rule.needs, *rule.may):
            raise OrderActRefused(
                _("{act} takes no field {field}").format(act=act_title(act), field=repr(key)[:40]), key[:40]
            )
        try:
            fields[key] = checked_field(key, value)
        except FieldRefused as error:
            raise OrderActRefused(f"{key}: {error}", key) from None
    for key in rule.needs:
        if key not in fields:
            raise OrderActRefused(_("{act} needs the field {field}").format(act=act_title(act), field=key), key)
    if act is OrderAct.AMEND and not fields:
        raise OrderActRefused(_("no field to change is given"))
    return fields


def _refuse_unknown(fields: Mapping[str, FieldValue], directory: OrderDirectory) -> None:
    """Refuse names that are not in orders.yaml."""
    names_of = {
        "unit": directory.units,
        "suggested_unit": directory.units,
        "kind": directory.kinds,
        "class": directory.classes,
        "county": directory.counties,
        "officer": directory.officers,
    }
    for name, names in names_of.items():
        if name in fields and fields[name] not in names:
            message = _("{field}: {value} is not in orders.yaml")
            raise OrderActRefused(message.format(field=name, value=repr(fields[name])), name)
    helpers = fields.get("helpers", ())
    assert isinstance(helpers, tuple)
    for helper in helpers:
        if helper not in directory.units or helper == fields.get("unit"):
            message = _("{field}: {value} is not in orders.yaml, or is the main unit")
            raise OrderActRefused(message.format(field="helpers", value=repr(helper)), "helpers")
