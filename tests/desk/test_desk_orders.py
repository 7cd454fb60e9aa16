"""Work orders at the desk: each role sees and does what is its own, and each look at a citizen's data leaves a line."""

from urllib.parse import quote

import pytest

from ivr.orders.life_cycle import OrderAct
from ivr.people.rights import Act, Role
from testkit.hotline.desk_client import DeskAnswer, DeskClient
from tests.desk.conftest import UNIT, RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # one desk serves them all

OTHER_UNIT = "市城管和综合执法局"


def act(client: DeskClient, act: OrderAct, order: str = "", **fields: object) -> DeskAnswer:
    return client.api("POST", f"/acts/{Act.ORDER}", {"order": order, "act": act, "fields": fields})


def opened(clients: dict[str, DeskClient], unit: str = UNIT, kind: str = "help", **matter: object) -> str:
    """A work order that was dispatched to a unit."""
    agent = clients["agent"]
    made = act(agent, OrderAct.OPEN, title="工资没发", content="三个月", caller="13800000001", **matter)
    number: str = made.json["result"]["order"]["order"]
    by = clients["supervisor"] if kind == "report" else agent
    assert act(agent, OrderAct.RECEIVE, number, kind=kind, **{"class": "labour"}).status == 200
    act(by, OrderAct.AMEND, number, confidential=kind == "report")
    assert act(by, OrderAct.DISPATCH, number, unit=unit).status == 200
    return number


def numbers(client: DeskClient, query: str = "") -> list[str]:
    return [one["order"] for one in client.api("GET", f"/orders?{query}").json["orders"]]


def test_a_unit_signs_in_sees_its_order_and_answers_it(clients: dict[str, DeskClient]) -> None:
    order, unit = opened(clients), clients["unit"]
    assert order in numbers(unit, "state=open&sort=due")
    acts = {one["act"] for one in unit.api("GET", f"/orders/{order}").json["acts"]}
    assert acts == {"accept", "return", "note"}
    assert act(unit, OrderAct.ACCEPT, order).status == 200
    assert act(unit, OrderAct.ANSWER, order, answer="工资已补发").status == 200
    shown = clients["agent"].api("GET", f"/orders/{order}").json
    assert (shown["order"]["state"], shown["order"]["answer"]) == ("answered", "工资已补发")
    assert [event["by"] for event in shown["events"]][-2:] == ["unit", "unit"]


def test_a_unit_sees_and_does_nothing_with_the_orders_of_another(clients: dict[str, DeskClient]) -> None:
    order, unit = opened(clients, OTHER_UNIT), clients["unit"]
    assert order not in numbers(unit)
    assert order not in numbers(unit, f"unit={quote(OTHER_UNIT)}")
    assert unit.api("GET", f"/orders/{order}").status == 404
    assert act(unit, OrderAct.ACCEPT, order).code == "refused"
    assert unit.act(Act.UNMASK_ORDER, order=order).status == 404


def test_an_agent_does_not_see_a_confidential_order(clients: dict[str, DeskClient]) -> None:
    order = opened(clients, kind="report")
    assert clients["agent"].api("GET", f"/orders/{order}").status == 404
    assert order not in numbers(clients["agent"])
    assert order in numbers(clients["supervisor"])
    assert order in numbers(clients["unit"])


def test_a_number_is_masked_until_somebody_asks_and_the_audit_log_tells_it(clients: dict[str, DeskClient]) -> None:
    order, unit = opened(clients), clients["unit"]
    shown = unit.api("GET", f"/orders/{order}").json
    assert shown["order"]["caller"] == "138****0001"
    assert "13800000001" not in str(shown)
    assert unit.act(Act.UNMASK_ORDER, order=order).json["result"] == {"caller": "13800000001"}
    lines = clients["auditor"].api("GET", "/audit?user=unit").json["audit"]
    assert [(line["act"], line["about"]) for line in lines[:2]] == [("order.unmask", order), ("order.read", order)]


def test_nobody_signs_an_act_with_another_name_or_names_what_the_hotline_itself_notes(
    clients: dict[str, DeskClient],
) -> None:
    made = act(clients["agent"], OrderAct.OPEN, title="x", source="w1", channel="message", recording="a.wav", seconds=5)
    order = made.json["result"]["order"]
    assert (order["source"], order["channel"], order["recording"]) == ("", "desk", "")
    assert act(clients["agent"], OrderAct.REMIND, opened(clients), stage="overdue").status == 200
    assert act(clients["agent"], OrderAct.OPEN, title="x", call_id="C1").status == 404, "a call that is none"


def test_what_a_form_asks_for_comes_from_orders_yaml(clients: dict[str, DeskClient]) -> None:
    draft = clients["agent"].api("GET", "/orders/draft?number=12333&words=%E6%8B%96%E6%AC%A0").json
    assert draft["suggestion"]["unit"] == UNIT
    assert draft["suggestion"]["kind"] == "complaint"
    assert UNIT in clients["unit"].api("GET", "/orders/directory").json["units"]


def test_figures_open_the_orders_behind_them(clients: dict[str, DeskClient]) -> None:
    order, supervisor = opened(clients), clients["supervisor"]
    assert supervisor.api("GET", "/orders/counts").json["states"]["dispatched"] >= 1
    since, until = "2020-01-01T00:00:00%2B08:00", "2099-01-01T00:00:00%2B08:00"
    report = supervisor.api("GET", f"/orders/report?since={since}&until={until}&by=unit").json
    assert order in next(row for row in report["rows"] if row["name"] == UNIT)["dispatched"]
    assert clients["agent"].api("GET", "/orders/report").code == "forbidden"
    assert supervisor.api("GET", "/orders/report?since=never").status == 422


def test_a_person_of_a_unit_belongs_to_a_unit_and_to_nothing_else(
    desk: RunningDesk, clients: dict[str, DeskClient]
) -> None:
    admin = clients["admin"]
    for wrong in ({"roles": ["unit"]}, {"roles": ["unit"], "unit": "市没有局"}, {"roles": ["agent"], "unit": UNIT},
                  {"roles": ["unit", "agent"], "unit": UNIT}):  # fmt: skip
        assert admin.act(Act.ADD_PERSON, user="zhao", name="赵", **wrong).status == 422, wrong
    assert admin.act(Act.ADD_PERSON, user="zhao", name="赵", roles=["unit"], unit=OTHER_UNIT).status == 200
    assert admin.act(Act.CHANGE_PERSON, user="zhao", roles=["supervisor"]).status == 422
    assert admin.act(Act.CHANGE_PERSON, user="zhao", roles=[Role.AGENT], unit="").json["result"]["unit"] is None
    admin.act(Act.REMOVE_PERSON, user="zhao")
