"""A message, a `*9` or a failed callback becomes one work order, also if call records are rebuilt."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderState
from ivr.orders.opening import matter_of, open_orders_of, open_orders_of_callbacks
from ivr.orders.order import Order, order_from_events
from ivr.orders.order_clock import HOTLINE
from ivr.orders.store import order_search, order_store
from ivr.orders.store.order_schema import ORDER_EVENTS
from ivr.orders.store.order_search import OrderFilter
from ivr.records.derive.record_parts import Callback, CallbackState, WorkOrder
from ivr.records.store.database import Database
from ivr.records.store.schema import IMPORT_STATE, OUTBOX
from tests.orders.order_story import AGENT, OrderStory
from tests.records.recorded import Logs, logs
from tests.records.test_migrations import take_back
from tests.reports import made


def orders(database: Database) -> list[Order]:
    with database.begin() as connection:
        return order_search.search_orders(connection, OrderFilter(), HOTLINE)


@pytest.fixture
def recorded(database: Database, directory: OrderDirectory, tmp_path: Path) -> Logs:
    """A caller left a message for 12366, whose center was busy."""
    call_logs = logs(tmp_path, database)
    call_logs.importer.on_records = lambda connection, records: open_orders_of(connection, records, directory)
    call_logs.write("center_busy_then_message")
    call_logs.importer.import_new()
    return call_logs


def test_a_message_becomes_a_work_order(recorded: Logs, database: Database) -> None:
    [order] = orders(database)
    assert (order.state, order.channel, order.number) == (OrderState.RECORDED, "message", "12366")
    assert (order.recording, order.source) == ("m.wav", "w1")
    assert order.order.isdecimal()
    assert len(order.order) == 12


def test_records_that_are_built_anew_touch_no_work_order(recorded: Logs, database: Database) -> None:
    orders_before = orders(database)
    with database.begin() as connection:
        connection.execute(delete(IMPORT_STATE))
    recorded.importer.import_new()
    assert orders(database) == orders_before
    with database.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(ORDER_EVENTS)) == 1


def test_work_orders_of_before_are_taken_over(recorded: Logs, database: Database, directory: OrderDirectory) -> None:
    """A database of the version before had the message, and no work orders of their own."""
    [opened] = orders(database)
    take_back(database, "r0011")
    database.migrate()
    [order] = orders(database)
    with database.begin() as connection:
        assert order_from_events(order_store.events_of(connection, order.order)) == order
        assert order_store.number_of_source(connection, "w1") == order.order
    assert (order.source, order.caller, order.number, order.recording, order.opened_at) == (
        opened.source, opened.caller, opened.number, opened.recording, opened.opened_at
    )  # fmt: skip
    with database.begin() as connection:  # the page's search looks at the newest days first
        results = [
            order_search.search_orders(connection, OrderFilter(words=order.title[:2]), HOTLINE, n) for n in (1, 9)
        ]
    assert results == [[order], [order]]
    recorded.importer.on_records = lambda connection, records: open_orders_of(connection, records, directory)
    with database.begin() as connection:
        connection.execute(delete(IMPORT_STATE))
    recorded.importer.import_new()
    assert orders(database) == [order], "an import from the files makes it no second time"


@pytest.mark.parametrize("caller", ["", "*31#", "+8613800000001"])
def test_no_number_of_a_carrier_makes_a_work_order_fail(directory: OrderDirectory, caller: str) -> None:
    record = made.call()
    work_order = WorkOrder("W1-12333*", record.call_id, caller, "*#12333", "", "", 0, record.started_at)
    fields = matter_of(record, work_order, directory)
    assert fields["channel"] == "call"
    assert "number" not in fields


def test_work_orders_are_found_by_their_words(database: Database, directory: OrderDirectory) -> None:
    lamp = OrderStory(database, directory, title="路灯坏了", content="人民东路100%不亮")
    OrderStory(database, directory, title="井盖丢失", content="人民西路")
    lamp.act(OrderAct.AMEND, AGENT, place="国庆南路_3号")

    def found(words: str) -> list[str]:
        with database.begin() as connection:
            return [each.title for each in order_search.search_orders(connection, OrderFilter(words=words), HOTLINE)]

    assert sorted(found("人民")) == ["井盖丢失", "路灯坏了"]
    assert found("人民 路灯") == found("100%") == found("南路_3") == ["路灯坏了"]
    assert found("没有人说过") == found("东路_") == []


def test_open_work_orders_of_the_same_caller_are_shown_beside(database: Database, directory: OrderDirectory) -> None:
    first = OrderStory(database, directory, caller="+8613800000001")
    second = OrderStory(database, directory, caller="13800000001")
    OrderStory(database, directory, caller="13800000002")
    with database.begin() as connection:
        assert [each.order for each in order_search.similar_orders(connection, second.order)] == [first.order.order]


@pytest.mark.parametrize(
    ("state", "asked", "made_orders"),
    [
        (CallbackState.GIVEN_UP, True, 1),
        (CallbackState.EXPIRED, True, 1),
        (CallbackState.EXPIRED, False, 0),  # the caller hung up while waiting, and asked for nothing
        (CallbackState.REACHED, True, 0),
        (CallbackState.DUE, True, 0),
    ],
)
def test_a_caller_who_was_promised_a_callback_in_vain_gets_a_work_order(
    sqlite: Database, directory: OrderDirectory, state: CallbackState, asked: bool, made_orders: int
) -> None:
    record = replace(made.call(), callback=Callback(state, asked=asked, tries=3, tried_at=None))
    for _time in range(2):
        with sqlite.begin() as connection:
            open_orders_of_callbacks(connection, [record], directory, record.started_at)
    assert [order.channel for order in orders(sqlite)] == ["callback"] * made_orders


def test_a_receiver_of_events_gets_each_act_in_order(database: Database, directory: OrderDirectory) -> None:
    story = OrderStory(database, replace(directory, notifies=True)).receive("report")
    with database.begin() as connection:
        rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).mappings().all()
    assert [(row["event"], row["call_id"]) for row in rows] == [
        (f"{story.order.order}:{sequence}", story.order.order) for sequence in (1, 2)
    ]
    first, second = (json.loads(row["body"]) for row in rows)
    assert (first["act"], first["state"], first["fields"]["title"]) == ("open", "recorded", "工资没发")
    assert "13800000001" not in rows[0]["body"], "the citizen's number is sent to nobody"
    assert (second["confidential"], second["fields"]) == (True, {}), "a report's words are nobody's else"
    OrderStory(database, directory)
    with database.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(OUTBOX)) == 2
