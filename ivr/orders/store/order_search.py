"""Lists of work orders."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from ivr.orders.life_cycle import FINAL, WITH_UNIT, OrderRole, OrderState
from ivr.orders.order import Actor, Order
from ivr.orders.order_rates import RatedOrder
from ivr.orders.store.order_rows import order_from_body, rated_from_text
from ivr.orders.store.order_schema import ORDERS
from ivr.orders.store.word_index import day_of_newest, orders_with
from ivr.records.derive.callback_state import subscriber

_SIMILAR = timedelta(days=90)
_FEW = 20


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Conditions on work orders. A condition that is not given allows all work orders."""

    states: tuple[OrderState, ...] = ()
    unit: str = ""
    number: str = ""
    kind: str = ""
    klass: str = ""
    county: str = ""
    caller: str = ""
    call_id: str = ""
    words: str = ""  # in title, content, place, the citizen's name or the citizen's words
    since: datetime | None = None  # opened at this time or later; aware
    until: datetime | None = None  # opened before this time; aware
    due_by: date | None = None  # due on this day or earlier, and open
    supervised: bool = False
    enterprise: bool = False  # of enterprises
    ledger_kinds: tuple[str, ...] = ()  # in the ledger of enterprises, which has these kinds
    struck_off: bool | None = None  # True: struck off the ledger; False: on the ledger

    def conditions(self, from_day: str = "") -> list[ColumnElement[bool]]:
        """Return the conditions of the query; ``from_day`` as of `orders_with`."""
        has_words = [ORDERS.c.order.in_(orders_with(self.words.split(), from_day))] if self.words.split() else []
        return [*self.conditions_beside_words(), *has_words]

    def conditions_beside_words(self) -> list[ColumnElement[bool]]:
        """Return the conditions that the columns of a work order meet."""
        columns = ORDERS.c
        conditions: list[ColumnElement[bool]] = []
        if self.states:
            conditions.append(columns.state.in_([state.value for state in self.states]))
        equal = {"unit": self.unit, "number": self.number, "kind": self.kind, "class": self.klass}
        equal |= {"county": self.county, "call_id": self.call_id}
        equal["subscriber"] = subscriber(self.caller) if self.caller else ""
        conditions += [columns[name] == value for name, value in equal.items() if value]
        if self.since is not None:
            conditions.append(columns.opened_at >= self.since)
        if self.until is not None:
            conditions.append(columns.opened_at < self.until)
        if self.due_by is not None:
            conditions.append(columns.due_on <= self.due_by)
            conditions.append(columns.state.not_in([state.value for state in FINAL]))
        if self.supervised:
            conditions.append(columns.supervised > 0)
        if self.enterprise or self.ledger_kinds:
            conditions.append(columns.enterprise.is_(True))
        if self.ledger_kinds:
            conditions.append(columns.kind.in_(self.ledger_kinds))
        if self.struck_off is not None:
            conditions.append(columns.struck_off.is_(self.struck_off))
        return conditions


def seen_by(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions that keep hidden work orders out of lists; see `ivr.orders.act_decision.may_see`.

    A helping unit finds its work orders by their number only.
    """
    if actor.role is OrderRole.UNIT:
        return [ORDERS.c.unit == actor.unit]
    if actor.role in (OrderRole.SUPERVISOR, OrderRole.HOTLINE):
        return []
    return [ORDERS.c.confidential.is_(False)]


def search_orders(
    connection: Connection, conditions: OrderFilter, actor: Actor, limit: int = 200, *, by_due_day: bool = False
) -> list[Order]:
    """Return the work orders that a person may see, the newest first, or by their due day."""
    order = (ORDERS.c.due_on, ORDERS.c.opened_at) if by_due_day else (ORDERS.c.opened_at.desc(), ORDERS.c.order.desc())
    from_day = ""
    if conditions.words.split() and not by_due_day:
        others_met = [*conditions.conditions_beside_words(), *seen_by(actor)]
        from_day = day_of_newest(connection, conditions.words.split(), others_met, limit)
    query = select(ORDERS.c.body).where(*conditions.conditions(from_day), *seen_by(actor)).order_by(*order).limit(limit)
    return [order_from_body(body) for body in connection.scalars(query)]


def count_orders(connection: Connection, conditions: OrderFilter, actor: Actor) -> int:
    """Return how many work orders `search_orders` would find without a limit."""
    query = select(func.count()).select_from(ORDERS).where(*conditions.conditions(), *seen_by(actor))
    return connection.scalar(query) or 0


def order_counts(connection: Connection, actor: Actor, today: date) -> dict[str, Any]:
    """Return the number of work orders in each state, and of open work orders that are overdue or supervised."""
    is_open = ORDERS.c.state.not_in([state.value for state in FINAL])
    with_unit = ORDERS.c.state.in_([state.value for state in WITH_UNIT])
    query = select(
        ORDERS.c.state,
        func.count(),
        func.sum(case((with_unit & (ORDERS.c.due_on < today), 1), else_=0)),
        func.sum(case((is_open & (ORDERS.c.supervised > 0), 1), else_=0)),
    ).where(*seen_by(actor))
    rows = connection.execute(query.group_by(ORDERS.c.state)).all()
    states = dict.fromkeys((state.value for state in OrderState), 0) | {state: total for state, total, *_rest in rows}
    return {
        "states": states,
        "overdue": sum(overdue or 0 for _state, _count, overdue, _supervised in rows),
        "supervised": sum(supervised or 0 for _state, _count, _overdue, supervised in rows),
    }


def similar_orders(connection: Connection, order: Order) -> list[Order]:
    """Return open work orders that may be about the same matter (并单), newest first.

    A similar work order has the same caller, or the same class, county and place.
    """
    columns, caller = ORDERS.c, subscriber(order.caller)
    likenesses: list[ColumnElement[bool]] = []
    if caller:
        likenesses.append(columns.subscriber == caller)
    if order.place and order.klass:
        same_place = columns.order.in_(orders_with([order.place]))
        likenesses.append((columns["class"] == order.klass) & (columns.county == order.county) & same_place)
    if not likenesses:
        return []
    query = select(columns.body).where(
        or_(*likenesses),
        columns.order != order.order,
        columns.state.not_in([state.value for state in FINAL]),
        columns.opened_at >= order.opened_at - _SIMILAR,
    )
    return [order_from_body(body) for body in connection.scalars(query.order_by(columns.opened_at.desc()).limit(_FEW))]


def running_orders(connection: Connection, today: date, within: timedelta) -> list[Order]:
    """Return the work orders that a unit has and for which a reminder or a supervision may be due."""
    query = select(ORDERS.c.body).where(
        ORDERS.c.state.in_([state.value for state in WITH_UNIT]),
        or_(ORDERS.c.due_on <= today + within, ORDERS.c.state != OrderState.HANDLING.value),
    )
    return [order_from_body(body) for body in connection.scalars(query.order_by(ORDERS.c.due_on))]


def orders_in_state(connection: Connection, state: OrderState) -> list[Order]:
    """Return all work orders of a state, the oldest first."""
    query = select(ORDERS.c.body).where(ORDERS.c.state == state.value).order_by(ORDERS.c.opened_at)
    return [order_from_body(body) for body in connection.scalars(query)]


def order_for_caller(connection: Connection, number: str, caller: str) -> Order | None:
    """Return the work order of which a caller may hear the state; None if there is none.

    Args:
        connection: of the call database.
        number: the number that the caller keyed, which nobody can guess; "" for the caller's newest work order.
        caller: the caller's number, which may be forged. A caller hears the state of a confidential work order only
            after keying its number, and only from the telephone number of its citizen.
    """
    columns, its_own = ORDERS.c, ORDERS.c.subscriber == subscriber(caller)
    if number:
        query = select(columns.body).where(columns.order == number)
        allowed = columns.confidential.is_(False) | (its_own if caller else columns.order == "")
        body = connection.scalar(query.where(allowed))
    elif caller:
        newest = select(columns.body).where(its_own, columns.confidential.is_(False))
        body = connection.scalar(newest.order_by(columns.opened_at.desc()).limit(1))
    else:
        body = None
    return None if body is None else order_from_body(body)


def dispatched_between(connection: Connection, since: datetime, until: datetime, actor: Actor) -> list[RatedOrder]:
    """Return the work orders that were first dispatched in that time (aware) and that a person may see."""
    columns = ORDERS.c
    in_time = (columns.first_dispatched_at >= since) & (columns.first_dispatched_at < until)
    query = select(columns.rated).where(in_time, *seen_by(actor)).order_by(columns.first_dispatched_at)
    return [rated_from_text(text) for text in connection.scalars(query)]
