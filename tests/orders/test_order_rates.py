"""The four rates: each figure is compared with a count by hand, and names its work orders."""

from datetime import datetime, timedelta

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderRole
from ivr.orders.order import Actor
from ivr.orders.order_rates import Grouping, OrderRate, rate_rows, rated_part
from ivr.orders.order_requests import OrderRequests
from ivr.records.store.database import Database
from ivr.routing.calendar import CITY_TIME
from tests.orders.order_story import AGENT, LABOUR, SUPERVISOR, UNIT, URBAN, OrderStory

MONDAY = datetime(2026, 11, 2, 9, tzinfo=CITY_TIME)
URBAN_UNIT = Actor("zhao", OrderRole.UNIT, URBAN)


def test_each_figure_is_counted_and_names_its_work_orders(database: Database, directory: OrderDirectory) -> None:
    good = OrderStory(database, directory, MONDAY).approve()  # accepted, answered in time, solved, satisfied
    good.act(OrderAct.FOLLOW_UP, AGENT, solved=True, satisfaction=1)
    late = OrderStory(database, directory, MONDAY).dispatch()  # accepted and answered late, not solved
    late.now += timedelta(days=20)
    late.act(OrderAct.ACCEPT, UNIT)
    late.act(OrderAct.ANSWER, UNIT, answer="已处理")
    late.act(OrderAct.APPROVE, SUPERVISOR)
    late.act(OrderAct.FOLLOW_UP, AGENT, solved=False, satisfaction=5)
    waiting = OrderStory(database, directory, MONDAY + timedelta(days=20)).dispatch(
        unit=URBAN
    )  # open: its deadlines run on
    waiting.act(OrderAct.ACCEPT, URBAN_UNIT)
    OrderStory(database, directory, MONDAY).receive()  # never dispatched
    requests = OrderRequests(database, lambda: directory, lambda: MONDAY + timedelta(days=22))
    query = {"since": MONDAY.isoformat(), "until": (MONDAY + timedelta(days=30)).isoformat(), "by": "unit"}
    report = requests.report({"name": "li", "role": "supervisor"}, **query)
    labour, urban, everything = report["rows"]
    assert [labour["name"], urban["name"], everything["name"]] == [LABOUR, URBAN, ""]
    first, second, third = good.order.order, late.order.order, waiting.order.order
    assert sorted(everything["dispatched"]) == sorted([first, second, third])
    assert everything["responded"] == {"share": 2 / 3, "met": [first, third], "missed": [second]}
    assert everything["on-time"] == {"share": 1 / 2, "met": [first], "missed": [second]}
    assert everything["solved"] == {"share": 1 / 2, "met": [first], "missed": [second]}
    assert everything["satisfied"] == {"share": 1 / 2, "met": [first], "missed": [second]}
    assert urban["on-time"] == {"share": None, "met": [], "missed": []}
    its_own = requests.report({"name": "z", "role": "unit", "unit": URBAN}, **query)
    assert [row["dispatched"] for row in its_own["rows"]] == [[third], [third]]


def test_a_deadline_that_has_passed_counts_without_any_act(sqlite: Database, directory: OrderDirectory) -> None:
    story = OrderStory(sqlite, directory, MONDAY).dispatch()
    [_row, everything] = rate_rows([rated_part(story.order)], directory, Grouping.CLASS, MONDAY + timedelta(days=40))
    assert everything.figures[OrderRate.RESPONDED].missed == (story.order.order,)
    assert everything.figures[OrderRate.ON_TIME].missed == (story.order.order,)
