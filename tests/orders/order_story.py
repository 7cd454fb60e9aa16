"""The acts of one work order, in short calls for a test."""

from datetime import datetime, timedelta
from typing import Any

from ivr.orders.act_decision import ActRequest
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderRole
from ivr.orders.order import Actor, Order
from ivr.orders.perform import perform_act
from ivr.records.store.database import Database
from ivr.routing.calendar import CITY_TIME

BEGIN = datetime(2026, 11, 23, 9, tzinfo=CITY_TIME)  # a Monday
LABOUR, URBAN, HOUSING = "市人社局", "市城管和综合执法局", "市住房和城乡建设局"
AGENT = Actor("wang", OrderRole.AGENT)
SUPERVISOR = Actor("li", OrderRole.SUPERVISOR)
UNIT = Actor("zhang", OrderRole.UNIT, LABOUR)
OTHER_UNIT = Actor("zhao", OrderRole.UNIT, URBAN)
HOTLINE = Actor("hotline", OrderRole.HOTLINE)


class OrderStory:
    """A work order in a database, and a clock that the test moves."""

    def __init__(self, database: Database, directory: OrderDirectory, at: datetime = BEGIN, **matter: Any) -> None:
        self.database, self.directory, self.now = database, directory, at
        opened = {"title": "工资没发", "caller": "13800000001", "number": "12333"} | matter
        self.order = perform_act(database, "", ActRequest(OrderAct.OPEN, AGENT, opened), directory, at)

    def act(self, act: OrderAct, actor: Actor, **fields: Any) -> Order:
        self.now += timedelta(seconds=1)
        request = ActRequest(act, actor, fields)
        self.order = perform_act(self.database, self.order.order, request, self.directory, self.now)
        return self.order

    def receive(self, kind: str = "help") -> "OrderStory":
        self.act(OrderAct.RECEIVE, AGENT, kind=kind, **{"class": "labour"})
        return self

    def dispatch(self, kind: str = "help", unit: str = LABOUR) -> "OrderStory":
        self.receive(kind).act(OrderAct.DISPATCH, AGENT, unit=unit)
        return self

    def accept(self) -> "OrderStory":
        self.dispatch().act(OrderAct.ACCEPT, UNIT)
        return self

    def approve(self) -> "OrderStory":
        self.accept().act(OrderAct.ANSWER, UNIT, answer="工资已补发")
        self.act(OrderAct.APPROVE, SUPERVISOR)
        return self
