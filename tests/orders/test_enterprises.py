"""政企通: an enterprise's matter goes to a policy officer, stands in the ledger, and is struck off by a supervisor."""

from typing import Any

import pytest

from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import load_directory
from ivr.orders.life_cycle import OrderAct, OrderRole, OrderState
from ivr.orders.order import Actor
from ivr.orders.order_clock import acts_due
from ivr.orders.order_requests import OrderRequests
from ivr.orders.suggestion import suggest_dispatch
from ivr.records.store.database import Database
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.shipped import ORDERS
from tests.orders.order_story import AGENT, SUPERVISOR, OrderStory

TAX = Actor("sun", OrderRole.UNIT, "市税务局")
COMPANY = {"enterprise": True, "company": "郴州某矿业公司", "title": "留抵退税没有到账"}


def listed(story: OrderStory, **filters: str) -> list[str]:
    requests = OrderRequests(story.database, lambda: story.directory, lambda: story.now)
    listing = requests.listing({"name": "li", "role": "supervisor"}, filters)
    return [order["order"] for order in listing]


def test_the_whole_way_from_the_officer_to_the_striking_off(database: Database, directory: OrderDirectory) -> None:
    story = OrderStory(database, directory, **COMPANY)
    story.receive("complaint")
    assert suggest_dispatch(directory, "12366", story.order.title).officer == "李专员"
    story.act(OrderAct.REFER, AGENT, officer="李专员")
    assert (story.order.unit, story.order.officer, story.order.days) == ("市税务局", "李专员", 15)
    assert (OrderAct.REMIND, "referred") in acts_due(story.order, directory, story.now), "the officer is told at once"
    story.act(OrderAct.ACCEPT, TAX)
    assert (OrderAct.REMIND, "referred") not in acts_due(story.order, directory, story.now)
    assert listed(story, ledger="on") == [story.order.order]
    story.act(OrderAct.ANSWER, TAX, answer="退税款已核准")
    story.act(OrderAct.APPROVE, SUPERVISOR)
    story.act(OrderAct.FOLLOW_UP, AGENT, solved=True, satisfaction=1)
    assert listed(story, ledger="on") == [story.order.order], "settled is not struck off"
    with pytest.raises(OrderActRefused):
        story.act(OrderAct.STRIKE_OFF, AGENT, reason="已解决")
    story.act(OrderAct.STRIKE_OFF, SUPERVISOR, reason="企业确认已解决")
    assert story.order.struck_off_at
    assert (listed(story, ledger="on"), listed(story, ledger="off")) == ([], [story.order.order])
    with pytest.raises(OrderActRefused):
        story.act(OrderAct.STRIKE_OFF, SUPERVISOR, reason="再次")
    story.act(OrderAct.REDO, SUPERVISOR, reason="企业又来电")
    assert listed(story, ledger="on") == [story.order.order], (
        "a work order that is handled again stands in the ledger again"
    )


def test_a_work_order_that_the_enterprise_calls_unsolved_is_not_struck_off(
    sqlite: Database, directory: OrderDirectory
) -> None:
    story = OrderStory(sqlite, directory, **COMPANY)
    story.receive("complaint").act(OrderAct.REFER, AGENT, officer="李专员")
    story.act(OrderAct.ACCEPT, TAX)
    story.act(OrderAct.ANSWER, TAX, answer="不符合条件")
    story.act(OrderAct.APPROVE, SUPERVISOR)
    story.act(OrderAct.FOLLOW_UP, AGENT, solved=False)
    with pytest.raises(OrderActRefused, match="not solved"):
        story.act(OrderAct.STRIKE_OFF, SUPERVISOR, reason="超时")


@pytest.mark.parametrize("matter", [{}, {"enterprise": True, "kind": "help"}])
def test_only_complaints_and_reports_of_enterprises_stand_in_the_ledger(
    sqlite: Database, directory: OrderDirectory, matter: dict[str, Any]
) -> None:
    story = OrderStory(sqlite, directory, **matter)
    story.receive(matter.get("kind", "complaint"))
    assert listed(story, ledger="all") == []
    if not matter:
        with pytest.raises(OrderActRefused, match="enterprise"):
            story.act(OrderAct.REFER, AGENT, officer="李专员")
    story.act(OrderAct.CLOSE, AGENT, reason="已答复", answer="已告知")
    assert story.order.state is OrderState.CLOSED
    with pytest.raises(OrderActRefused, match="ledger"):
        story.act(OrderAct.STRIKE_OFF, SUPERVISOR, reason="已办")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ledger: [complaint, nonsense]", "ledger: 'nonsense' is not in this file"),
        ("officers: [{ name: 李, unit: 没有的局 }]", "unit: '没有的局' is not in this file"),
        ("officers: [{ name: 李, unit: 市税务局 }, { name: 李, unit: 市税务局 }]", "a second time"),
        ("officers: [{ name: 李, unit: 市税务局, receiver: sms }]", "not under alarms: receivers"),
    ],
)
def test_a_mistake_in_the_section_is_named(registry: Registry, written: str, said: str) -> None:
    text = ORDERS.read_text(encoding="utf-8").replace("  ledger: [complaint, report]\n", f"  {written}\n")
    with pytest.raises(RegistryError) as refused:
        load_directory(text, "orders.yaml", registry)
    assert said in str(refused.value)
