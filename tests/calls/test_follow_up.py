"""回访: after the unit's answer the hotline calls the citizen. "Solved" closes the order, "not solved" reopens it."""

from collections.abc import Iterator
from typing import Any

import pytest

from ivr.runtime import secrets
from ivr.runtime.layout import Home
from ivr.shipped import ORDERS
from testkit.alarm_receivers import Robot, robot_server
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import RunningHotline
from testkit.phones import Carrier, Center, Phones

SUPERVISOR = {"name": "li", "role": "supervisor"}
UNIT = {"name": "zhang", "role": "unit", "unit": "市人社局"}
FIRST, SECOND, THIRD = "13800000001", "13800000002", "13800000003"


@pytest.fixture
def gateway() -> Iterator[Robot]:
    """Give an SMS gateway that accepts each message."""
    with robot_server(Robot(""), "/sms") as gateway:
        yield gateway


@pytest.fixture
def numbers(gateway: Robot) -> dict[str, Any]:
    sms = {"kind": "json", "url": gateway.url, "body": {"mobile": "{to}", "content": "{text}"}}
    return quick_registry(callbacks={"hours": "00:00-24:00"}, alarms={"receivers": {"sms": sms}})


def test_the_citizen_decides_whether_it_is_solved(
    phones: Phones, carrier: Carrier, hotline: RunningHotline, gateway: Robot
) -> None:
    """Of two citizens, the first says "solved"; the second says "not solved", until the unit's second answer.

    After a change of orders.yaml to messages, a third citizen gets a link by SMS once, and no call.
    """
    text = (
        ORDERS.read_text(encoding="utf-8")
        .replace('"09:00-20:00"', '"00:00-24:00"')
        .replace("\n  after: 1 ", "\n  after: 0 ")
    )
    text = text.replace("pause: 60", "pause: 1")
    (hotline.home.parent / "orders.yaml").write_text(text, encoding="utf-8")
    assert hotline.ivr("reload").returncode == 0
    content, angry = (
        carrier.center(FIRST, name="content", answers=False),
        carrier.center(SECOND, name="angry", answers=False),
    )
    solved, unsolved = (_dispatched(hotline, caller) for caller in (FIRST, SECOND))
    for order in (solved, unsolved):
        _answered(hotline, order)
    phones.until(lambda: content.ringing and angry.ringing, 30, "both telephones ring")
    assert content.call.caller == "12345"
    _answers(phones, content, "1", "2")
    _answers(phones, angry, "2", "5")
    phones.until(lambda: _order(hotline, solved)["state"] == "closed", 15, "the first work order is closed")
    phones.until(lambda: _order(hotline, unsolved)["state"] == "dispatched", 15, "the second work order is open again")
    assert (_order(hotline, solved)["solved"], _order(hotline, solved)["satisfaction"]) == (True, 2)
    assert (_order(hotline, unsolved)["rounds"], _order(hotline, unsolved)["satisfaction"]) == (2, 5)

    _answered(hotline, unsolved)
    phones.until(lambda: bool(angry.ringing), 30, "the citizen is called about the second answer, too")
    angry.call.answer()
    phones.until(lambda: has_heard(angry.call, "follow-up-ask"), 15, "the citizen hears the question")
    angry.call.keys("2")
    phones.until(lambda: has_heard(angry.call, "follow-up-rate"), 15, "the citizen hears the grades")
    angry.call.hang_up()
    phones.until(lambda: _order(hotline, unsolved)["state"] == "closed", 15, "the work order is closed as not solved")
    assert (_order(hotline, unsolved)["solved"], _order(hotline, unsolved)["satisfaction"]) == (False, None)
    assert gateway.taken == []

    link = "  link: { receiver: sms, page: 'https://12345.example.cn' }\n  tries: 3"
    text = text.replace("  tries: 3", link, 1) + "\ncitizen_page: {}\n"
    (hotline.home.parent / "orders.yaml").write_text(text, encoding="utf-8")
    reloaded = hotline.ivr("reload")
    assert reloaded.returncode == 0, reloaded.stderr
    three = _dispatched(hotline, THIRD)
    _answered(hotline, three)
    phones.until(lambda: gateway.taken, 30, "the gateway gets the SMS with the link")
    assert gateway.taken[0]["mobile"] == THIRD
    code = secrets.order_code(secrets.load(Home(hotline.home).secrets), three)
    assert f"https://12345.example.cn/citizen/state?order={three}&secret={code}" in gateway.taken[0]["content"]
    assert _order(hotline, three)["linked_at"]
    assert (_order(hotline, three)["state"], _order(hotline, three)["tries"]) == ("follow-up", 0)
    assert len(gateway.taken) == 1
    assert hotline.calls() == [], "a follow-up counted as a call of a citizen"
    assert not carrier.unexpected, "another phone was rung"


def _answers(phones: Phones, citizen: Center, solved: str, grade: str) -> None:
    citizen.call.answer()
    phones.until(lambda: has_heard(citizen.call, "follow-up-ask"), 15, "the citizen hears the question")
    citizen.call.keys(solved)
    phones.until(lambda: has_heard(citizen.call, "follow-up-rate"), 15, "the citizen hears the grades")
    citizen.call.keys(grade)
    phones.until(lambda: citizen.call.ended, 20, "the hotline says thank you and hangs up")


def _act(hotline: RunningHotline, order: str, act: str, actor: dict[str, str], **fields: object) -> str:
    return str(hotline.ask("order-act", actor=actor, order=order, act=act, fields=fields)["order"])


def _dispatched(hotline: RunningHotline, caller: str) -> str:
    order = _act(hotline, "", "open", SUPERVISOR, title="工资没发", caller=caller)
    _act(hotline, order, "receive", SUPERVISOR, kind="help", **{"class": "labour"})
    return _act(hotline, order, "dispatch", SUPERVISOR, unit="市人社局")


def _answered(hotline: RunningHotline, order: str) -> None:
    _act(hotline, order, "accept", UNIT)
    _act(hotline, order, "answer", UNIT, answer="已补发")
    _act(hotline, order, "approve", SUPERVISOR)


def _order(hotline: RunningHotline, order: str) -> dict[str, Any]:
    found: dict[str, Any] = hotline.ask("order", actor=SUPERVISOR, order=order)["order"]
    return found
