"""A work order is kept for the retention period after its end; an open work order is kept."""

from datetime import timedelta

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.store import order_store
from ivr.orders.store.order_purge import purge_orders
from ivr.records.store.database import Database
from tests.orders.order_story import AGENT, OrderStory


def test_a_work_order_that_ended_long_ago_is_deleted_with_its_acts(
    database: Database, directory: OrderDirectory
) -> None:
    ended, running = OrderStory(database, directory), OrderStory(database, directory)
    ended.act(OrderAct.WITHDRAW, AGENT, reason="市民撤回")
    assert purge_orders(database, ended.now) == 0
    assert purge_orders(database, ended.now + timedelta(seconds=1)) == 1
    assert purge_orders(database, ended.now + timedelta(days=9999)) == 0
    with database.begin() as connection:
        assert order_store.find(connection, ended.order.order) is None
        assert order_store.events_of(connection, ended.order.order) == []
        assert order_store.find(connection, running.order.order) == running.order
