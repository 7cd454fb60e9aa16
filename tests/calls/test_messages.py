"""留言: if no agent can take a call, the caller leaves a message, which becomes a work order (派发工单)."""

from typing import Any

import pytest

from testkit.hotline.heard_prompts import has_heard, prompts_heard
from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SOUND, Carrier, Phones
from tests.calls.leaving_messages import TAKEN, orders, recording, seconds_of, speak

LONGEST = 15  # seconds of speech, because ten seconds of silence end a message


@pytest.fixture
def numbers() -> dict[str, Any]:
    return quick_registry(timers={**QUICK, "message": LONGEST})


def test_if_no_agent_is_signed_in_each_caller_may_leave_a_message(
    phones: Phones, carrier: Carrier, hotline: RunningHotline
) -> None:
    """Of three callers, the first ends the message with the hash key, the second hangs up, and the third is silent."""
    ends_by_key, hangs_up, silent = (
        carrier.call("12369", f"1380000000{n}", name=name) for n, name in enumerate(("done", "gone", "mute"))
    )
    phones.until(lambda: silent.connected, 10, "the caller is connected")
    silent.mute()
    speak(phones, hangs_up, 2)
    hangs_up.hang_up()
    speak(phones, ends_by_key, 2)
    ends_by_key.keys("#")
    phones.until(lambda: ends_by_key.ended, 15, "the caller hears the thanks")
    assert prompts_heard(ends_by_key)[-3:] == TAKEN
    phones.until(lambda: has_heard(silent, "message-failed"), 20, "the silent caller hears that the message is empty")
    phones.until(lambda: silent.ended, 30, "the silent caller is asked again, once")
    assert prompts_heard(silent)[-4:] == ["no-agent", "leave-message", "leave-message", "message-thanks"]
    records = phones.until(lambda: hotline.records(3), 10, "the calls are recorded")
    assert {(record["outcome"], record["fallback"], record["answered_at"]) for record in records} == {
        ("message", "no-agent", None)
    }
    assert [leg["kind"] for record in records for leg in record["legs"]] == ["message"] * 3
    orders_by_caller = orders(hotline)
    for record in records:
        order = orders_by_caller[record["caller"]]
        assert (record["call_id"], record["work_order"]) == (order["call_id"], order["source"])
        assert (order["number"], order["state"], order["channel"]) == ("12369", "recorded", "message")
        assert record["started_at"] < order["opened_at"] <= record["ended_at"]
        assert hotline.json("orders", "show", order["order"])["suggestion"]["unit"] == "市生态环境局"
    assert seconds_of(phones, hotline, orders_by_caller["13800000000"], ends_by_key) > 2
    assert seconds_of(phones, hotline, orders_by_caller["13800000001"], hangs_up) > 2
    order_of_first = orders_by_caller["13800000000"]
    assert abs(order_of_first["seconds"] - seconds_of(phones, hotline, order_of_first, ends_by_key)) <= 2

    # The table, filtered by number and time, needs no running hotline.
    assert hotline.json("orders", "--number", "12345") == []
    assert len(hotline.json("orders", "--number", "12369", "--since", "1h")) == 3
    table = hotline.ivr("orders").stdout
    assert str(recording(hotline, orders_by_caller["13800000001"])) in table
    assert "13800000001" not in table, "callers' numbers are masked"
    assert "13800000001" in hotline.ivr("orders", "--unmasked").stdout
    assert table.splitlines()[-1] == "work orders: 3"
    _a_unit_handles_it(hotline, orders_by_caller["13800000000"]["order"])
    orders_by_caller = orders(hotline)
    hotline.stop()
    assert orders(hotline) == orders_by_caller
    order = orders_by_caller["13800000000"]["order"]
    assert act(hotline, "redo", order, "--reason", "市民来电反映未解决") == "to be accepted"


def act(hotline: RunningHotline, name: str, order: str, *options: str) -> str:
    """Do an act by its command; return the state or the refusal that the command prints."""
    result = hotline.ivr("orders", name, order, *options)
    assert "Traceback" not in result.stderr
    return (result.stdout or result.stderr).strip().rpartition(": ")[2] if result.returncode == 0 else result.stderr


def _a_unit_handles_it(hotline: RunningHotline, order: str) -> None:
    """The commands lead the work order of a message through all its states; a wrong act is refused with the reason."""
    unit = ("--as-unit", "市生态环境局")
    assert act(hotline, "receive", order, "--kind", "complaint", "--class", "environment") == "to be dispatched"
    assert "is to be dispatched, which does not allow: answer" in act(hotline, "answer", order, *unit, "--answer", "无")
    assert "'市环保局' is not in orders.yaml" in act(hotline, "dispatch", order, "--unit", "市环保局")
    assert act(hotline, "dispatch", order, "--unit", "市生态环境局") == "to be accepted"
    assert "is not for: supervisor" in act(hotline, "accept", order)
    assert "is with 市生态环境局" in act(hotline, "accept", order, "--as-unit", "市教育局")
    assert act(hotline, "accept", order, *unit) == "in hand"
    assert act(hotline, "answer", order, *unit, "--answer", "已责令停产整改") == "answer under review"
    assert act(hotline, "approve", order) == "to be followed up"
    assert act(hotline, "follow-up", order, "--solved", "yes", "--satisfaction", "1") == "settled"
    shown = hotline.ivr("orders", "show", order).stdout
    assert "answer: 已责令停产整改" in shown
    assert "13800000000" not in shown
    assert hotline.json("orders", "--state", "follow-up") == []
    rates = hotline.json("orders", "report", "--by", "county")["rows"][-1]
    assert (rates["dispatched"], rates["solved"]["met"], rates["on-time"]["missed"]) == ([order], [order], [])


@pytest.mark.reloaded_hotline
class TestWaitingCaller:
    @pytest.fixture
    def numbers(self) -> dict[str, Any]:
        shipped = quick_registry(timers={**QUICK, "message": LONGEST})
        general = {**shipped["groups"]["general"], "limit": 1}
        return {**shipped, "groups": {**shipped["groups"], "general": general}}

    def test_a_waiting_caller_may_leave_a_message(
        self, phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
    ) -> None:
        """The only agent is busy: the first caller waits, then presses 1; for the second the queue is full."""
        agent = seat("8001", name="agent")
        agent.dial("*82")
        phones.until(lambda: agent.call.ended, 10, "the agent is busy")
        first = carrier.call("12369", "13800000000", name="first")
        phones.until(lambda: hotline.ask("status")["queues"][0]["waiting"] == 1, 20, "the first caller waits")
        phones.until(lambda: first.hears_only(SOUND), 5, "the first caller hears music")
        second = carrier.call("12369", "13800000001", name="second")
        phones.until(lambda: has_heard(second, "no-agent"), 20, "the second caller hears that the queue is full")
        first.keys("1")
        for caller in (second, first):
            speak(phones, caller, 2)
            caller.keys("#")
        phones.until(lambda: first.ended and second.ended, 15, "both callers hear the thanks")
        assert prompts_heard(first)[-3:] == prompts_heard(second)[-3:] == TAKEN
        records = phones.until(lambda: hotline.records(2), 10, "the calls are recorded")
        assert [(record["outcome"], record["fallback"]) for record in records] == [
            ("message", "gave-up"),
            ("message", "queue-full"),
        ]
        call_ids = {record["call_id"] for record in records}  # other tests with this hotline left messages, too
        orders_by_caller = {order["caller"]: order for order in hotline.json("orders") if order["call_id"] in call_ids}
        assert seconds_of(phones, hotline, orders_by_caller["13800000000"], first) > 2
        assert seconds_of(phones, hotline, orders_by_caller["13800000001"], second) > 2
