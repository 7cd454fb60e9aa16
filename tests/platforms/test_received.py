"""Acts of a platform on work orders: only those that orders.yaml accepts, each message once, and only if signed."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.orders.act_decision import ActRequest
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct, OrderRole, OrderState
from ivr.orders.order import Actor, Order
from ivr.orders.perform import perform_act
from ivr.orders.store import order_store
from ivr.platforms.message_signature import is_signed, signature
from ivr.platforms.received_message import receive_message
from ivr.records.store.database import Database
from ivr.routing.calendar import CITY_TIME
from tests.platforms.conftest import POLICE

NOW = datetime(2026, 11, 23, 9, tzinfo=CITY_TIME)
AGENT = Actor("wang", OrderRole.AGENT)


def receive(database: Database, directory: OrderDirectory, platform: str, **message: Any) -> dict[str, Any]:
    return receive_message(database, directory.platforms[platform], message, directory, NOW)


def dispatched(database: Database, directory: OrderDirectory, unit: str = "市人社局") -> Order:
    order = perform_act(database, "", ActRequest(OrderAct.OPEN, AGENT, {"title": "工资没发"}), directory, NOW)
    fields: dict[str, Any] = {"kind": "help", "class": "labour"}
    perform_act(database, order.order, ActRequest(OrderAct.RECEIVE, AGENT, fields), directory, NOW)
    return perform_act(database, order.order, ActRequest(OrderAct.DISPATCH, AGENT, {"unit": unit}), directory, NOW)


def test_a_duplicate_message_is_done_once_and_answered_equally(database: Database, directory: OrderDirectory) -> None:
    order = dispatched(database, directory)
    message = {"id": "m-1", "act": "supervise", "order": order.order, "fields": {"reason": "省平台督办"}}
    first = receive(database, directory, "province", **message)
    assert receive(database, directory, "province", **message) == first
    with database.begin() as connection:
        stored_order = order_store.find(connection, order.order)
    assert stored_order is not None
    assert stored_order.supervised == 1


def test_a_work_order_of_a_platform_is_opened_once_and_names_its_source(
    database: Database, directory: OrderDirectory
) -> None:
    message = {"id": "p/7", "act": "open", "fields": {"title": "省平台转办", "caller": "13800000001"}}
    number = receive(database, directory, "province", **message)["order"]
    assert receive(database, directory, "province", **message)["order"] == number
    with database.begin() as connection:
        stored_order = order_store.find(connection, number)
    assert stored_order is not None
    assert (stored_order.channel, stored_order.source) == ("platform", "province:p*7")
    another = receive(database, directory, "province", **{**message, "id": "p-7"})["order"]
    assert another != number, "ids that differ in one sign are two messages"


def test_the_hotline_of_110_answers_a_work_order_that_was_sent_to_it(
    sqlite: Database, directory: OrderDirectory
) -> None:
    order = dispatched(sqlite, directory, POLICE)
    receive(sqlite, directory, "police", id="1", act="accept", order=order.order)
    done = receive(sqlite, directory, "police", id="2", act="answer", order=order.order, fields={"answer": "已出警"})
    assert done["state"] == OrderState.ANSWERED


@pytest.mark.parametrize(
    ("platform", "message", "reason"),
    [
        ("province", {"act": "dispatch", "fields": {"unit": "市人社局"}}, "orders.yaml accepts this from province"),
        ("police", {"act": "supervise"}, "orders.yaml accepts this from police: nothing"),
        ("province", {"act": "explode"}, "there is no act"),
        ("province", {"act": "note", "fields": []}, "fields: must be an object"),
        ("province", {"act": "close", "fields": {"reason": "办结"}}, "does not allow"),
        ("province", {"act": "note", "fields": {"text": "x", "by": "root"}}, "takes no field"),
        ("province", {"id": "../../etc", "act": 7}, "there is no act"),
        ("province", {"id": "", "act": "note"}, "id: must be"),
    ],
)
def test_an_act_that_a_platform_may_not_do_is_refused_with_the_reason(
    sqlite: Database, directory: OrderDirectory, platform: str, message: dict[str, Any], reason: str
) -> None:
    order = dispatched(sqlite, directory)
    with pytest.raises(OrderActRefused, match=reason):
        receive(sqlite, directory, platform, **{"id": "m-1", "order": order.order, **message})
    with sqlite.begin() as connection:
        assert order_store.find(connection, order.order) == order


@given(st.binary(max_size=40), st.text(max_size=20), st.text(max_size=80))
def test_only_the_key_signs_a_message(body: bytes, stamp: str, given_signature: str) -> None:
    assert not is_signed("key", stamp, body, given_signature, 1_800_000_000)
    good = signature("key", "1800000000", body)
    assert is_signed("key", "1800000000", body, good, 1_800_000_200)
    assert not is_signed("key", "1800000000", body, good, 1_800_000_301)
    assert not is_signed("other", "1800000000", body, good, 1_800_000_000)
    assert not is_signed("", "1800000000", body, signature("", "1800000000", body), 1_800_000_000)
