"""A caller hangs up at each step: no phone rings on, no party stays in a call, and the record names the step."""

from typing import Any

from testkit.hotline.desk import recorded, rung_for, staff, talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.seat_phones import SeatPhones
from testkit.hotline.shared import SharedHotline
from testkit.phones import SOUND, Carrier, Phones

_JUST_GONE = (
    "Session already DISCONNECTED"  # Asterisk was about to send a request to a phone that hangs up at that moment
)


def test_a_caller_hangs_up_before_a_phone_rings(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: SharedHotline
) -> None:
    """The steps: before the hotline answers, the opening, the menu's prompt, and each kind of notice."""
    agent = seat("8001")
    until = {
        "13800000001": ("12345", "opening"),
        "13800000002": ("12345", "menu-main"),
        "13800000003": ("12300", "merged-recorded"),
        "13800000004": ("12369", "dual-recorded"),
        "13800000005": ("12366", ""),  # because its notice is too short to be recognised before it ends
        "13800000006": ("12399", "unregistered"),
    }
    calls = {caller: carrier.call(number, caller) for caller, (number, _prompt) in until.items()}
    at_once = carrier.call("12345", "13800000007")
    at_once.hang_up()
    phones.until(lambda: has_heard(calls["13800000002"], "opening"), 10, "the opening is heard")
    calls["13800000002"].keys("*")
    waiting = dict(calls)

    def hangs_up_at_the_prompt() -> bool:
        for caller, call in list(waiting.items()):
            prompt = until[caller][1]
            if has_heard(call, prompt) if prompt else call.hears(SOUND, seconds=0.5):
                waiting.pop(caller).hang_up()
        return not waiting

    phones.until(hangs_up_at_the_prompt, 25, "each caller hears the prompt and hangs up")
    _clean(phones, hotline, calls.values(), {"8001"})
    assert not any(call.invite for call in agent.calls)
    assert not carrier.centers
    assert not carrier.unexpected
    records = {record["caller"]: record for record in recorded(phones, hotline, len(until))}
    for caller, (number, _prompt) in until.items():
        record = records[caller]
        assert (record["dialled"], record["outcome"], record["seat"], record["legs"]) == (number, "abandoned", None, [])
    assert records["13800000002"]["path"] == "main:*"


def test_a_caller_hangs_up_while_a_phone_rings_or_in_talk(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: SharedHotline
) -> None:
    """The steps: the phones of expert, center and agent ring, the queue, and the talk."""
    expert, agent = staff(seat, "8333", "8001")
    center = carrier.center("12366", answers=False)
    asks_expert = carrier.call("12333", "13800000001", name="asks expert")
    asks_center = carrier.call("12366", "13800000002", name="asks center")
    asks_agent = carrier.call("12369", "13800000003", name="asks agent")
    phones.until(lambda: center.ringing, 15, "the center rings")
    asks_center.hang_up()
    phones.until(lambda: not center.ringing, 3, "the center's phone stops ringing")
    phones.until(lambda: expert.ringing and agent.ringing, 20, "the seats' phones ring")
    for citizen, phone in ((asks_expert, expert), (asks_agent, agent)):
        citizen.hang_up()
        phones.until(lambda phone=phone: not phone.ringing, 3, "the seat's phone stops ringing")
    _clean(phones, hotline, [asks_expert, asks_center, asks_agent], {"8333", "8001"})

    # The seats are ready again: they are rung again.
    talks = carrier.call("12369", "13800000004", name="talks")
    phones.until(lambda: rung_for([agent], "13800000004"), 20, "the agent's phone rings again")
    agent.answer()
    talk(phones, talks, agent)
    waits = carrier.call("12369", "13800000005", name="waits")
    phones.until(lambda: _stage(hotline, "13800000005") == "waiting", 20, "a caller waits in the queue")
    phones.until(lambda: waits.hears(SOUND), 5, "the caller hears music")
    waits.hang_up()
    phones.until(lambda: _stage(hotline, "13800000005") is None, 5, "the queue is empty")
    talk(phones, talks, agent)
    talks.hang_up()
    _clean(phones, hotline, [talks, waits], {"8333", "8001"})
    assert sum(call.invite is not None for call in agent.calls) == 2

    records = {record["caller"]: record for record in recorded(phones, hotline, 5)}
    assert {caller: record["outcome"] for caller, record in records.items()} == {
        "13800000001": "abandoned",
        "13800000002": "abandoned",
        "13800000003": "abandoned",
        "13800000004": "answered",
        "13800000005": "abandoned",
    }
    rung = {
        caller: [(leg["kind"], leg["target"], leg["result"]) for leg in records[caller]["legs"]] for caller in records
    }
    assert rung == {
        "13800000001": [("expert", "8333", "cancelled")],
        "13800000002": [("center", "12366", "cancelled")],
        "13800000003": [("general", "8001", "cancelled")],
        "13800000004": [("general", "8001", "answered")],
        "13800000005": [],
    }
    queues = {caller: record["queue"] for caller, record in records.items()}
    assert (queues["13800000003"], queues["13800000005"]) == ("general", "general")


def test_a_caller_hangs_up_at_the_message(phones: Phones, carrier: Carrier, hotline: SharedHotline) -> None:
    """A hang-up before the tone leaves no message; a hang-up after some words leaves a message."""
    asked, spoke = (carrier.call("12369", caller, name=caller) for caller in ("13800000001", "13800000002"))
    for citizen in (asked, spoke):
        phones.until(lambda citizen=citizen: has_heard(citizen, "leave-message"), 25, "a message is asked for")
    asked.hang_up()
    phones.until(lambda: spoke.hears_only(seconds=3), 25, "the tone is over, and the caller has spoken for 3 s")
    spoke.hang_up()
    _clean(phones, hotline, [asked, spoke], set())
    records = {record["caller"]: record for record in recorded(phones, hotline, 2)}
    assert (records["13800000001"]["outcome"], records["13800000001"]["work_order"]) == ("abandoned", None)
    assert (records["13800000002"]["outcome"], records["13800000002"]["fallback"]) == ("message", "no-agent")
    assert records["13800000002"]["work_order"]


def _stage(hotline: SharedHotline, caller: str) -> str | None:
    return next((call["stage"] for call in hotline.ask("status")["calls"] if call["caller"] == caller), None)


def _clean(phones: Phones, hotline: SharedHotline, calls: Any, ready: set[str]) -> None:
    """Wait until no call is left anywhere, and the seats are ready."""

    def is_clean() -> bool:
        now = hotline.ask("status")
        states = {row["seat"] for row in now["seats"] if row["state"] == "ready"}
        return not now["calls"] and states == ready and not any(queue["waiting"] for queue in now["queues"])

    phones.until(lambda: all(call.ended for call in calls), 5, "the callers' calls are over")
    phones.until(is_clean, 5, "no call is up, and the seats are ready")
    assert not [line for line in hotline.complaints() if _JUST_GONE not in line]
