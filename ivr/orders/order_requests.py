"""Requests of commands, desk and API about work orders: JSON values in, JSON values out."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from ivr.orders.act_decision import ActRequest, may_see, possible_acts
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import FINAL, WITH_UNIT, OrderAct, OrderRole, OrderState
from ivr.orders.order import Actor, Order
from ivr.orders.order_json import (
    act_to_json,
    brief_to_json,
    event_to_json,
    order_to_json,
    rate_row_to_json,
    suggestion_to_json,
)
from ivr.orders.order_rates import Grouping, rate_rows
from ivr.orders.perform import perform_act
from ivr.orders.store import order_search, order_store
from ivr.orders.store.order_search import OrderFilter
from ivr.orders.store.word_index import orders_like
from ivr.orders.suggestion import suggest_dispatch
from ivr.records.store.database import Database
from ivr.routing.calendar import city_time
from ivr.texts import _

_MOST = 10_000  # rows of one list
_OPEN = "open"
_LEDGER = {"on": False, "off": True}  # whether a work order is struck off the ledger; any other word means both


class OrderRequests:
    """Work orders of one call database."""

    def __init__(
        self, database: Database, directory: Callable[[], OrderDirectory], now: Callable[[], datetime]
    ) -> None:
        """``directory`` returns the present content of orders.yaml; ``now`` the city's time."""
        self._database, self._directory, self._now = database, directory, now

    def listing(
        self, actor: Mapping[str, str], wanted: Mapping[str, Any], limit: int = 200, *, by_due_day: bool = False
    ) -> list[dict[str, Any]]:
        """Return the newest work orders that meet the conditions and that the actor may see, the oldest first.

        Args:
            actor: ``{"name", "role", "unit"}``.
            wanted: the attributes of `OrderFilter` as text; ``state`` may be "open"; ``overdue`` means that a
                unit has the work order and is late.
            limit: work orders at most.
            by_due_day: whether to return the work orders that are due first, in their order, instead of the newest.

        Raises:
            OrderActRefused: a condition is wrong.
            DatabaseUnusable: the database cannot be used.
        """
        condition = _filter(wanted, self._directory(), city_time(self._now()).date())
        with self._database.begin() as connection:
            orders = order_search.search_orders(
                connection, condition, _actor(actor), min(limit, _MOST), by_due_day=by_due_day
            )
        return [self._json(order) for order in (orders if by_due_day else reversed(orders))]

    def numbers_of_calls(self, call_ids: Collection[str]) -> dict[str, list[str]]:
        """Return the numbers of the work orders that calls made, by the call.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        with self._database.begin() as connection:
            return order_store.numbers_of_calls(connection, call_ids)

    def find(self, order: str) -> Order | None:
        """Return a work order, without a check of rights; None if there is no such work order.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        with self._database.begin() as connection:
            return order_store.find(connection, order)

    def number_of_source(self, source: str) -> str | None:
        """Return the number of the work order of ``source``; None if there is no such work order.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        with self._database.begin() as connection:
            return order_store.number_of_source(connection, source)

    def counts(self, actor: Mapping[str, str]) -> dict[str, Any]:
        """Return the number of work orders in each state that the actor may see.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        today = city_time(self._now()).date()
        with self._database.begin() as connection:
            return order_search.order_counts(connection, _actor(actor), today)

    def draft(
        self, actor: Mapping[str, str], *, caller: str, number: str, words: str, county: str, place: str, klass: str
    ) -> dict[str, Any]:
        """Return the directory's suggestions for a matter that is no work order yet, and similar work orders (并单).

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        now, person = self._now(), _actor(actor)
        with self._database.begin() as connection:
            earlier = orders_like(connection, words)
        suggestion = suggest_dispatch(self._directory(), number, words, county, klass, earlier)
        matter = Order(
            order="", sequence=0, opened_at=now, changed_at=now, caller=caller, number=number, place=place,
            county=suggestion.county, klass=suggestion.klass,
        )  # fmt: skip
        with self._database.begin() as connection:
            similar = order_search.similar_orders(connection, matter)
        return {
            "suggestion": suggestion_to_json(suggestion),
            "similar": [brief_to_json(order, person) for order in similar],
        }

    def show(self, actor: Mapping[str, str], order: str) -> dict[str, Any]:
        """Return a work order with events, possible acts, the directory's suggestion, and similar work orders (并单).

        Raises:
            OrderActRefused: there is no such work order, or the actor may not see it.
            DatabaseUnusable: the database cannot be used.
        """
        person = _actor(actor)
        with self._database.begin() as connection:
            work_order = order_store.find(connection, order)
            if work_order is None:
                raise OrderActRefused(_("there is no work order {order}").format(order=order))
            if not may_see(work_order, person):
                raise OrderActRefused(_("work order {order} is not yours to see").format(order=order))
            events = order_store.events_of(connection, order)
            similar = order_search.similar_orders(connection, work_order)
        words = " ".join((work_order.title, work_order.content, work_order.said, work_order.place))
        suggestion = suggest_dispatch(self._directory(), work_order.number, words, work_order.county)
        return {
            "order": self._json(work_order),
            "acts": [act_to_json(act) for act in possible_acts(work_order, person)],
            "events": [event_to_json(event) for event in events],
            "suggestion": suggestion_to_json(suggestion),
            "similar": [brief_to_json(similar_order, person) for similar_order in similar],
        }

    def act(self, actor: Mapping[str, str], order: str, act: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Do an act on a work order, and return the work order; "" as ``order`` opens a new one.

        Raises:
            OrderActRefused: the act may not be done; nothing was changed.
            DatabaseUnusable: the database cannot be used.
        """
        if act not in [known_act.value for known_act in OrderAct]:
            raise OrderActRefused(_("there is no act {act}").format(act=repr(act)[:40]))
        request = ActRequest(OrderAct(act), _actor(actor), fields)
        return self._json(perform_act(self._database, order, request, self._directory(), self._now()))

    def report(self, actor: Mapping[str, str], since: str, until: str, by: str) -> dict[str, Any]:
        """Return the four rates of the work orders that were first dispatched in a time, with their numbers.

        Args:
            actor: as of `listing`.
            since: the begin of the time, ISO 8601 with offset.
            until: the end of the time, which is not part of it.
            by: the grouping of the rows: "unit", "class" or "county".

        Raises:
            OrderActRefused: a condition is wrong.
            DatabaseUnusable: the database cannot be used.
        """
        try:
            grouping, begin, end = Grouping(by), datetime.fromisoformat(since), datetime.fromisoformat(until)
        except ValueError as error:
            raise OrderActRefused(_("a condition cannot be taken: {error}").format(error=error)) from None
        with self._database.begin() as connection:
            rated_orders = order_search.dispatched_between(connection, begin, end, _actor(actor))
        rows = rate_rows(rated_orders, self._directory(), grouping, self._now())
        return {"since": since, "until": until, "by": by, "rows": [rate_row_to_json(row) for row in rows]}

    def _json(self, order: Order) -> dict[str, Any]:
        return order_to_json(order, self._directory(), self._now())


def _actor(actor: Mapping[str, str]) -> Actor:
    return Actor(str(actor["name"])[:64], OrderRole(actor["role"]), str(actor.get("unit", "")))


def _filter(condition_texts: Mapping[str, Any], directory: OrderDirectory, today: date) -> OrderFilter:
    conditions = dict(condition_texts)
    if ledger := conditions.pop("ledger", ""):
        if not directory.ledger_kinds:
            raise OrderActRefused(_("orders.yaml has no ledger of enterprises: enterprises: ledger: names its kinds"))
        conditions["ledger_kinds"] = tuple(sorted(directory.ledger_kinds))
        conditions |= {"struck_off": _LEDGER[ledger]} if ledger in _LEDGER else {}
    state = conditions.pop("state", "")
    try:
        states: tuple[OrderState, ...] = ()
        if state == _OPEN:
            states = tuple(open_state for open_state in OrderState if open_state not in FINAL)
        elif state:
            states = (OrderState(state),)
        if conditions.pop("overdue", ""):
            states = WITH_UNIT
            conditions["due_by"] = (today - timedelta(days=1)).isoformat()
        for name in ("since", "until"):
            if conditions.get(name):
                conditions[name] = datetime.fromisoformat(conditions[name])
        if conditions.get("due_by"):
            conditions["due_by"] = date.fromisoformat(conditions["due_by"])
        if "class" in conditions:
            conditions["klass"] = conditions.pop("class")
        filter_fields: dict[str, Any] = {name: value for name, value in conditions.items() if value or value is False}
        return OrderFilter(states=states, **filter_fields)
    except (ValueError, TypeError) as error:
        raise OrderActRefused(_("a condition cannot be taken: {error}").format(error=error)) from None
