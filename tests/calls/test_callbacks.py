"""漏接电话回拨: an agent calls back a caller who waited in vain or asked for it. The agent's phone rings first."""

from typing import Any

import pytest

from testkit.hotline.desk import talk
from testkit.hotline.heard_prompts import audio, has_heard
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SOUND, Carrier, PhoneCall, Phones, SeatPhone
from testkit.phones.tones import times_of

PRIVATE = {"P-Asserted-Identity": "<sip:13800000009@ims.example>", "Privacy": "id"}  # RFC 3325
GONE, ASKED, OTHER = "13800000001", "13800000002", "0073512345678"


@pytest.fixture
def numbers() -> dict[str, Any]:
    return quick_registry(callbacks={"hours": "00:00-24:00"})


def states(hotline: RunningHotline) -> dict[str, tuple[str, int]]:
    """Return the states of callbacks in the records, by caller."""
    called = [call for call in hotline.calls() if call["callback"]]
    return {call["caller"]: (call["callback"]["state"], call["callback"]["tries"]) for call in called}


def test_a_missed_caller_is_called_back_by_one_agent(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    code(phones, agent.dial("*82"))
    callers = {GONE: carrier.call("12369", GONE, name="gone")}
    phones.until(lambda: callers[GONE].connected, 10, "the first caller is answered")
    others = {ASKED: "asked", OTHER: "abroad", "": "withheld"}
    callers |= {number: carrier.call("12369", number, name=name) for number, name in others.items()}
    callers["private"] = carrier.call("12369", "anonymous", name="private", headers=PRIVATE)
    phones.until(lambda: hotline.ask("status")["queues"][0]["waiting"] == 5, 30, "five callers wait")
    for call in callers.values():
        phones.until(lambda call=call: call.hears_only(SOUND), 5, "the caller hears music")
    asks(phones, callers[ASKED], "callback-promised")
    for caller in ("", "private"):
        asks(phones, callers[caller], "callback-no-number")
    phones.until(lambda: callers[ASKED].ended, 10, "the promise ends the call")
    for call in callers.values():
        call.hang_up()
    phones.until(lambda: hotline.records(5), 10, "the calls are recorded")
    assert states(hotline) == {GONE: ("due", 0), "13800000002": ("due", 0), "+73512345678": ("due", 0)}
    listed = hotline.json("callbacks")
    assert [(callback["number"], callback["line"], callback["asked"]) for callback in listed] == [
        (GONE, "12369", False),
        (ASKED, "12369", True),
    ]

    citizen = carrier.center(GONE, name="citizen", answers=False)
    code(phones, agent.dial("*83"))
    calling = agent.dial("*85")
    phones.until(lambda: citizen.ringing, 20, "the citizen's phone rings")
    assert citizen.call.caller == "12345"
    listed_states = lambda: [callback["state"] for callback in hotline.json("callbacks")]  # noqa: E731
    phones.until(lambda: listed_states() == ["ringing", "due"], 10, "the list of callbacks has the call")
    citizen.call.answer()
    phones.until(
        lambda: has_heard(citizen.call, "callback-greeting"),
        15,
        "the citizen hears the greeting, with the notice of the recording",
    )
    phones.until(lambda: calling.hears_only(citizen) and citizen.hears_only(calling), 10, "they talk")
    citizen.hang_up()
    phones.until(lambda: has_heard(calling, "callback-result"), 15, "the agent is asked for the result")
    calling.keys("1")
    phones.until(lambda: calling.ended, 10, "the agent is free")
    phones.until(lambda: states(hotline)[GONE] == ("reached", 1), 10, "the record has the attempt")
    _is_not_reached_and_calls_again(phones, carrier, agent, hotline, listed[1]["id"])
    assert hotline.json("callbacks") == []
    assert not carrier.unexpected, "no other phone was rung"
    total = hotline.json("report")["total"]
    assert [total[key] for key in ("missed", "called_back", "reached", "called_again")] == [3, 2, 1, 1]


def _is_not_reached_and_calls_again(
    phones: Phones, carrier: Carrier, agent: SeatPhone, hotline: RunningHotline, missed: str
) -> None:
    busy = carrier.center(ASKED, name="busy", answers=486)
    done = hotline.ivr("callbacks", "ring", missed)
    assert done.returncode == 0, done.stderr
    phones.until(lambda: agent.ringing, 10, "the agent's phone rings first")
    assert (agent.call.caller, agent.call.caller_name[:8]) == (ASKED, "回拨 12369")
    again = hotline.ivr("callbacks", "ring", missed)
    assert (again.returncode, "just now" in again.stderr) == (1, True)
    ringing = agent.answer()
    phones.until(lambda: has_heard(ringing, "callback-silent"), 20, "the agent hears that the citizen did not answer")
    assert len(busy.calls) == 1
    phones.until(lambda: states(hotline)[ASKED] == ("due", 1), 10, "the record has the attempt")

    phones.until(lambda: ringing.ended, 10, "the agent is free")
    none = agent.dial("*85")
    phones.until(lambda: has_heard(none, "callback-none"), 10, "the same caller is not called back again at once")
    phones.until(lambda: none.ended, 10, "the agent is free")
    back = carrier.call("12369", ASKED, name="back")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    agent.answer()
    talk(phones, back, agent)
    back.hang_up()
    phones.until(lambda: states(hotline)[ASKED] == ("called-again", 1), 10, "the answered call clears the callback")


def asks(phones: Phones, call: PhoneCall, prompt: str) -> None:
    """Press 2 until it counts, because Asterisk drops a key while it says the place in the queue."""
    for _press in range(3):
        call.keys("2")
        heard = call.heard.seconds
        phones.until(lambda heard=heard: call.ended or call.heard.seconds > heard + 6, 15, "the key is heard")
        if times_of(audio(prompt), call.heard.samples):
            return
    raise AssertionError(f"{call.name} was not told {prompt}: {call.heard.story()}")


def code(phones: Phones, call: PhoneCall) -> None:
    phones.until(lambda: call.ended, 10, "the code is taken")
