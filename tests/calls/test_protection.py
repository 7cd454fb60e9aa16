"""A rejected caller hears the emergency numbers; other callers are served at the same time."""

from typing import Any

import pytest

from testkit.hotline.desk import recorded, talk
from testkit.hotline.heard_prompts import prompts_heard
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones

NUISANCE, EAGER, CITIZEN, ONE_MORE = "13900000001", "13900000002", "13900000003", "13900000004"


pytestmark = pytest.mark.reloaded_hotline


@pytest.fixture
def numbers() -> dict[str, Any]:
    blocked = [{"number": NUISANCE, "reason": "骚扰电话，经办主任批准", "until": "2999-12-31"}]
    return quick_registry(limits={"caller": 2, "trunk": 4}, blocked=blocked)


def test_rejected_callers_hear_the_emergency_advice(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    nuisance = carrier.call("12369", f"+86{NUISANCE}")
    phones.until(lambda: nuisance.ended, 20, "the blocked caller hears the emergency advice")
    assert prompts_heard(nuisance) == ["blocked"]
    served = carrier.call("12369", EAGER)
    agent.answer(20)
    waiting = [served, carrier.call("12369", EAGER)]
    citizen = carrier.call("12369", CITIZEN)
    phones.until(lambda: all(call.connected for call in [*waiting, citizen]), 10, "three calls are up")
    third = carrier.call("12369", EAGER)
    phones.until(lambda: third.ended, 20, "one caller's third call is over")
    waiting.append(carrier.call("12369"))
    phones.until(lambda: waiting[-1].connected, 10, "the trunk is full")
    fifth = carrier.call("12369", ONE_MORE)
    phones.until(lambda: fifth.ended, 20, "the call beyond the trunk's limit is over")
    assert prompts_heard(third) == prompts_heard(fifth) == ["lines-busy"]
    for call in waiting:
        call.hang_up()
    phones.until(lambda: agent.ringing and agent.ringing.caller == CITIZEN, 30, "the citizen's call is offered")
    agent.answer()
    talk(phones, citizen, agent)
    citizen.hang_up()
    said = {(record["caller"][-11:], record["outcome"], record["fallback"]) for record in recorded(phones, hotline, 7)}
    assert said >= {
        (NUISANCE, "refused", "blocked"),
        (EAGER, "refused", "caller-limit"),
        (ONE_MORE, "refused", "trunk-limit"),
        (CITIZEN, "answered", None),
    }
