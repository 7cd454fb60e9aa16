"""Work orders at the desk: rights of each role, and an audit line for each access to a citizen's data."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import delete

from ivr.orders.life_cycle import OrderAct
from ivr.orders.store.file_store import delete_unused
from ivr.orders.store.order_schema import ORDER_FILES
from ivr.people.rights import Act, Role
from testkit.hotline.desk_client import DeskAnswer, DeskClient
from testkit.hotline.running_desk import RunningDesk
from tests.desk.conftest import UNIT
from tests.desk.orders_over_rest import JPEG, act

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

OTHER_UNIT = "市城管和综合执法局"


def opened(clients: dict[str, DeskClient], unit: str = UNIT, kind: str = "help", **matter: object) -> str:
    """A work order that was dispatched to a unit."""
    agent = clients["agent"]
    answer = act(agent, OrderAct.OPEN, title="工资没发", content="三个月", caller="13800000001", **matter)
    number: str = answer.json["result"]["order"]["order"]
    by = clients["supervisor"] if kind == "report" else agent
    assert act(agent, OrderAct.RECEIVE, number, kind=kind, **{"class": "labour"}).status == 200
    act(by, OrderAct.AMEND, number, confidential=kind == "report")
    assert act(by, OrderAct.DISPATCH, number, unit=unit).status == 200
    return number


def numbers(client: DeskClient, query: str = "") -> list[str]:
    return [order["order"] for order in client.api("GET", f"/orders?{query}").json["orders"]]


def test_a_unit_signs_in_sees_its_order_and_answers_it(clients: dict[str, DeskClient]) -> None:
    order, unit = opened(clients), clients["unit"]
    assert order in numbers(unit, "state=open&sort=due")
    acts = {act["act"] for act in unit.api("GET", f"/orders/{order}").json["acts"]}
    assert acts == {"accept", "return", "note", "attach"}
    assert act(unit, OrderAct.ACCEPT, order).status == 200
    assert act(unit, OrderAct.ANSWER, order, answer="工资已补发").status == 200
    shown = clients["agent"].api("GET", f"/orders/{order}").json
    assert (shown["order"]["state"], shown["order"]["answer"]) == ("answered", "工资已补发")
    assert [event["by"] for event in shown["events"]][-2:] == ["unit", "unit"]


def test_a_unit_neither_sees_nor_acts_on_orders_of_another_unit(clients: dict[str, DeskClient]) -> None:
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


def test_a_number_is_masked_until_a_person_unmasks_it_with_an_audit_line(clients: dict[str, DeskClient]) -> None:
    order, unit = opened(clients), clients["unit"]
    shown = unit.api("GET", f"/orders/{order}").json
    assert shown["order"]["caller"] == "138****0001"
    assert "13800000001" not in str(shown)
    assert unit.act(Act.UNMASK_ORDER, order=order).json["result"] == {"caller": "13800000001"}
    lines = clients["auditor"].api("GET", "/audit?user=unit").json["audit"]
    assert [(line["act"], line["about"]) for line in lines[:2]] == [("order.unmask", order), ("order.read", order)]


def test_an_act_has_the_visitors_name_and_no_field_that_the_hotline_sets(
    clients: dict[str, DeskClient],
) -> None:
    answer = act(
        clients["agent"], OrderAct.OPEN, title="x", source="w1", channel="message", recording="a.wav", seconds=5
    )
    order = answer.json["result"]["order"]
    assert (order["source"], order["channel"], order["recording"]) == ("", "desk", "")
    assert act(clients["agent"], OrderAct.REMIND, opened(clients), stage="overdue").status == 200
    assert act(clients["agent"], OrderAct.OPEN, title="x", call_id="C1").status == 404, "a call that is none"


def test_the_fields_of_a_form_come_from_orders_yaml(clients: dict[str, DeskClient]) -> None:
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


def test_a_person_of_a_unit_has_exactly_one_unit_and_no_other_role(
    desk: RunningDesk, clients: dict[str, DeskClient]
) -> None:
    admin = clients["admin"]
    for person in ({"roles": ["unit"]}, {"roles": ["unit"], "unit": "市没有局"}, {"roles": ["agent"], "unit": UNIT},
                  {"roles": ["unit", "agent"], "unit": UNIT}):  # fmt: skip
        assert admin.act(Act.ADD_PERSON, user="zhao", name="赵", **person).status == 422, person
    assert admin.act(Act.ADD_PERSON, user="zhao", name="赵", roles=["unit"], unit=OTHER_UNIT).status == 200
    assert admin.act(Act.CHANGE_PERSON, user="zhao", roles=["supervisor"]).status == 422
    assert admin.act(Act.CHANGE_PERSON, user="zhao", roles=[Role.AGENT], unit="").json["result"]["unit"] is None
    admin.act(Act.REMOVE_PERSON, user="zhao")


def attached(client: DeskClient, order: str, content: bytes, name: str = "a.jpg") -> DeskAnswer:
    return client.api("POST", f"/orders/{order}/files?name={quote(name)}", content)


def test_a_unit_attaches_a_photo_and_others_cannot_read_it(desk: RunningDesk, clients: dict[str, DeskClient]) -> None:
    order, unit = opened(clients), clients["unit"]
    [file] = attached(unit, order, JPEG, "../../现场\u202e照片.php").json["order"]["files"]
    assert (file["name"], file["media"]) == ("现场照片.jpg", "image/jpeg")
    path = f"/orders/{order}/files/{file['file']}"
    download = clients["agent"].api("GET", path)
    assert download.body == JPEG
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert clients["expert"].api("GET", path).code == "forbidden"
    foreign = opened(clients, OTHER_UNIT)
    assert unit.api("GET", f"/orders/{foreign}/files/{file['file']}").status == 404
    assert attached(unit, foreign, JPEG).status == 404
    assert clients["agent"].api("GET", f"/orders/{foreign}/files/{file['file']}").status == 404, (
        "the work order is another unit's"
    )
    assert ("order.file", order) in [
        (line["act"], line["about"]) for line in clients["auditor"].api("GET", "/audit?user=agent").json["audit"]
    ]


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"MZ" + bytes(99), b"PK\x03\x04" + bytes(99), b""])
def test_a_file_that_is_no_photo_or_document_is_refused(clients: dict[str, DeskClient], content: bytes) -> None:
    assert attached(clients["unit"], opened(clients), content).code == "refused"


def test_files_are_limited_in_size_and_number(clients: dict[str, DeskClient]) -> None:
    order, unit = opened(clients), clients["unit"]
    assert attached(unit, order, JPEG + bytes(10 * 1024**2)).status == 413
    answers = [attached(unit, order, JPEG + bytes([count])).status for count in range(11)]
    assert answers == [200] * 10 + [409]


def test_a_file_is_deleted_once_no_work_order_has_it(desk: RunningDesk, clients: dict[str, DeskClient]) -> None:
    content = JPEG + b"purged"
    orders = [opened(clients), opened(clients)]
    [file] = {attached(clients["unit"], order, content).json["order"]["files"][0]["file"] for order in orders}
    path = desk.home.order_files / file
    later = desk.now() + timedelta(days=2)
    with desk.database.begin() as connection:
        connection.execute(delete(ORDER_FILES).where(ORDER_FILES.c.order == orders[0]))
    delete_unused(desk.database, desk.home.order_files, later)
    assert path.exists(), "the other work order has it"
    with desk.database.begin() as connection:
        connection.execute(delete(ORDER_FILES).where(ORDER_FILES.c.order == orders[1]))
    delete_unused(desk.database, desk.home.order_files, desk.now())
    assert path.exists(), "a fresh file may still get its act"
    delete_unused(desk.database, desk.home.order_files, later)
    assert not path.exists()


def test_an_export_holds_what_the_visitor_sees_masked_and_leaves_a_line(clients: dict[str, DeskClient]) -> None:
    open_one, secret = opened(clients, company="=1+1"), opened(clients, kind="report")
    answers = {role: clients[role].api("GET", "/orders/export?number=") for role in ("supervisor", "auditor", "unit")}
    text = {role: answer.body.decode("utf-8-sig") for role, answer in answers.items()}
    assert [(open_one in text[role], secret in text[role]) for role in answers] == [
        (True, True), (True, False), (True, True),
    ]  # fmt: skip
    assert not any("13800000001" in cell for cell in text.values())
    assert "'=1+1" in text["supervisor"], "no spreadsheet reads a citizen's words as a formula"
    (line, *_older) = clients["auditor"].api("GET", "/audit").json["audit"]
    assert (line["act"], line["user"], int(line["about"]) >= 1) == ("order.export", "unit", True)
    assert clients["agent"].api("GET", "/orders/export").code == "forbidden"
