"""The citizens' page: a matter without an account or a script, looked up and graded by number and code."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete

from ivr.desk.citizen.citizen_limits import citizen_address
from ivr.orders.directory_model import CitizenPage
from ivr.orders.life_cycle import OrderAct
from ivr.orders.store.order_schema import CITIZEN_REQUESTS
from ivr.runtime import secrets
from testkit.hotline.desk_client import DeskAnswer, DeskClient
from testkit.hotline.running_desk import RunningDesk
from tests.desk.conftest import UNIT
from tests.desk.orders_over_rest import JPEG, act

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

MATTER = {
    "title": "路灯不亮",
    "content": "人民路 <b>三盏</b>",
    "caller": "138 0000 0001",
    "contact": "王",
    "kind": "complaint",
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _page_on(desk: RunningDesk) -> Iterator[None]:
    """Open the page in orders.yaml, and begin an hour without earlier requests."""
    secrets.load_or_make(desk.home.secrets, ["8001"])
    view, shipped_directory = desk.services.directory, desk.services.directory.current
    view._directory = replace(shipped_directory, citizen_page=CitizenPage(each_hour=3, all_hour=100))
    with desk.database.begin() as connection:
        connection.execute(delete(CITIZEN_REQUESTS))
    ahead = desk.ahead
    yield
    desk.ahead = ahead  # the sessions of the other tests go on
    view._directory = shipped_directory


def send(desk: RunningDesk, token: str = "a" * 32, files: tuple[bytes, ...] = (), **matter: str) -> DeskAnswer:
    """Return the fields that a browser sends from the form."""
    parts = [f'form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in {"token": token, **matter}.items()]
    parts += [
        b'form-data; name="files"; filename="a.jpg"\r\nContent-Type: text/html\r\n\r\n' + content for content in files
    ]
    body = b"".join(b"--x\r\nContent-Disposition: " + part + b"\r\n" for part in parts) + b"--x--\r\n"
    return page(desk, "POST", "/citizen", body, Content_Type="multipart/form-data; boundary=x")


def page(desk: RunningDesk, method: str, path: str, body: bytes | None = None, **headers: str) -> DeskAnswer:
    return DeskClient(desk.address).request(method, path, body, **headers)


def filed(desk: RunningDesk, **more: str) -> tuple[str, str]:
    """Return the number and the code that a citizen gets."""
    text = send(desk, **more, **MATTER).body.decode()
    order, code = re.findall(r'class="code">([^<]+)<', text)
    return order, code


def state(desk: RunningDesk, order: str, code: str) -> DeskAnswer:
    return page(desk, "POST", "/citizen/state", urlencode({"order": order, "secret": code}).encode(), Content_Type=FORM)


def grade(desk: RunningDesk, **form: str) -> DeskAnswer:
    return page(desk, "POST", "/citizen/grade", urlencode(form).encode(), Content_Type=FORM)


def test_a_citizen_files_a_matter_looks_it_up_and_grades_the_answer(
    desk: RunningDesk, clients: dict[str, DeskClient]
) -> None:
    order, code = filed(desk, token="b" * 32)
    agent, unit = clients["agent"], clients["unit"]
    shown = agent.api("GET", f"/orders/{order}").json["order"]
    assert (shown["channel"], shown["title"], shown["contact"]) == ("web", "路灯不亮", "王")
    assert "to be received" in state(desk, order, code).body.decode()
    act(agent, OrderAct.RECEIVE, order, kind="help", **{"class": "labour"})
    act(agent, OrderAct.DISPATCH, order, unit=UNIT)
    act(unit, OrderAct.ACCEPT, order)
    act(unit, OrderAct.ANSWER, order, answer="已修好 <script>")
    assert "已修好" not in state(desk, order, code).body.decode(), "the page does not show an answer before its review"
    assert grade(desk, order=order, secret=code, solved="yes").status == 409
    act(agent, OrderAct.APPROVE, order)
    shown_page = state(desk, order, code.lower()).body.decode()
    assert "已修好 &lt;script&gt;" in shown_page
    link = f"/citizen/state?{urlencode({'order': order, 'secret': code})}"
    in_chinese = page(desk, "GET", link, Accept_Language="zh-CN").body.decode()
    grades = re.findall(r'name="satisfaction"[^>]*>\s*(\w+)', in_chinese)
    assert grades == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"], "the five grades of 好差评"
    assert grade(desk, order=order, secret="AAAAA-AAAAA", solved="yes").status == 404
    assert grade(desk, order=order, secret=code, solved="no", satisfaction="4").status == 200
    again = agent.api("GET", f"/orders/{order}").json["order"]
    assert (again["state"], again["rounds"], again["satisfaction"]) == ("dispatched", 2, 4)


def test_a_form_that_is_sent_twice_makes_one_work_order(desk: RunningDesk) -> None:
    assert filed(desk, token="c" * 32) == filed(desk, token="c" * 32)


def test_photos_are_attached_to_the_matter_and_recognised_by_their_content(
    desk: RunningDesk, clients: dict[str, DeskClient]
) -> None:
    text = send(desk, "d" * 32, (JPEG, JPEG), **MATTER).body.decode()
    order = re.findall(r'class="code">([0-9]+)<', text)[0]
    [file] = clients["agent"].api("GET", f"/orders/{order}").json["order"]["files"]
    assert (file["media"], file["by"]) == ("image/jpeg", "citizen")
    assert send(desk, "e" * 32, (b"<html>",), **MATTER).status == 422
    assert send(desk, "e" * 32, (JPEG,) * 6, **MATTER).status == 400


@pytest.mark.parametrize("wrong", [{"title": ""}, {"content": " "}, {"caller": "12"}, {"caller": "no number"}])
def test_each_mistake_in_the_form_is_named_and_the_typed_text_stays(desk: RunningDesk, wrong: dict[str, str]) -> None:
    answer = send(desk, **{**MATTER, **wrong})
    assert answer.status == 422
    assert 'role="alert"' in answer.body.decode()
    assert "王" in answer.body.decode()


def test_an_address_may_file_only_so_many_matters_in_an_hour(desk: RunningDesk) -> None:
    answers = [send(desk, f"{count:032x}", **MATTER).status for count in range(4)]
    assert answers == [200, 200, 200, 429]
    desk.ahead += timedelta(hours=1, minutes=1)
    assert send(desk, f"{9:032x}", **MATTER).status == 200


def test_after_too_many_wrong_codes_every_code_is_refused(desk: RunningDesk) -> None:
    order, code = filed(desk, token="f" * 32)
    answers = {state(desk, order, f"AAAAA-AAA{chr(65 + count)}A").status for count in range(20)}
    assert answers == {404}
    assert state(desk, order, code).status == 429, "after too many wrong codes, the right code is refused, too"
    desk.ahead += timedelta(hours=2)
    assert state(desk, order, code).status == 200


def test_another_sites_form_and_a_closed_page_are_refused(desk: RunningDesk) -> None:
    assert page(desk, "GET", "/citizen").headers["Referrer-Policy"] == "same-origin"
    assert page(desk, "POST", "/citizen/state", b"", Origin="https://evil.example", Content_Type=FORM).status == 403
    view = desk.services.directory
    view._directory = replace(view.current, citizen_page=None)
    assert page(desk, "GET", "/citizen").status == 404
    assert send(desk, **MATTER).status == 404


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # no proxy vouches for the header
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the first is the sender's own
        ("10.0.0.5", "198.51.100.1, 10.0.0.6", "198.51.100.1"),
        ("10.0.0.5", "not an address", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
    ],
)
def test_only_a_named_proxy_may_give_the_citizens_address(peer: str, forwarded: str, address: str) -> None:
    assert citizen_address(peer, forwarded, ("10.0.0.5", "10.0.0.6")) == address
