"""Seats: sign-in and sign-out, busy and ready, and the states in which a seat gets no calls."""

import re
from typing import Any

import pytest

from ivr.control import control_client
from testkit.hotline.desk import staff, talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.processes import asterisk
from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones, SeatPhone


def state(hotline: RunningHotline, seat: str) -> dict[str, Any]:
    """Return a seat's entry in `ivr status`."""
    return next(row for row in hotline.ask("status")["seats"] if row["seat"] == seat)


def wait_for_state(phones: Phones, hotline: RunningHotline, seat: str, seat_state: str) -> None:
    """Wait until `ivr status` shows the seat in that state."""
    phones.until(lambda: state(hotline, seat)["state"] == seat_state, 5, f"ivr status shows {seat} {seat_state}")


def is_ready(hotline: RunningHotline, seat: str) -> bool:
    """Whether `ivr status` answers and shows the seat as ready."""
    try:
        return state(hotline, seat)["state"] == "ready"
    except control_client.RequestRefused:
        return False


def press(phones: Phones, phone: SeatPhone, code: str, prompt: str) -> None:
    """Dial a feature code, and wait for the prompt and the end of the call."""
    call = phone.dial(code)
    phones.until(lambda: call.ended, 10, f"the call of {code} is over")
    phones.until(lambda: call.closed, 5, "the recording is complete")
    assert has_heard(call, prompt), f"{code}: {prompt} was not heard: {call}"


def test_an_agent_signs_in_is_busy_is_ready_takes_a_call_and_signs_out(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent", signs_in=False)
    earlier_calls = state(hotline, "8001")["calls_taken"]
    for code in ("*83", "*82"):
        press(phones, agent, code, "seat-not-signed-in")
    wait_for_state(phones, hotline, "8001", "signed-out")
    press(phones, agent, "*81", "seat-signed-in")
    wait_for_state(phones, hotline, "8001", "ready")
    press(phones, agent, "*822", "seat-busy")
    wait_for_state(phones, hotline, "8001", "busy")
    assert state(hotline, "8001")["reason"] == "meal"
    citizen = carrier.call("12369")
    phones.until(
        lambda: has_heard(citizen, "queue-youarenext") or has_heard(citizen, "dual-recorded"), 20, "the citizen waits"
    )
    assert not agent.ringing, "a busy seat was offered a call"
    press(phones, agent, "*83", "seat-ready")
    rung = phones.until(lambda: agent.ringing, 10, "the agent's phone rings")
    wait_for_state(phones, hotline, "8001", "ringing")
    assert not rung.header("Session-Expires"), "with session timers, a phone that refuses a refresh loses its call"
    agent.answer()
    talk(phones, citizen, agent)
    wait_for_state(phones, hotline, "8001", "in-call")
    in_talk = ("13800000001", "12369", "talking", ["8001"])

    def calls() -> list[tuple[Any, ...]]:
        keys = ("caller", "line", "stage", "with")
        return [tuple(call[key] for key in keys) for call in hotline.ask("status")["calls"]]

    phones.until(lambda: calls() == [in_talk], 10, "the status has the call")
    assert re.search(r"^138\*{4}0001 +12369 +talking +8001 ", hotline.ivr("status").stdout, re.MULTILINE)
    assert re.search(r"^13800000001 ", hotline.ivr("status", "--unmasked").stdout, re.MULTILINE)
    citizen.hang_up()
    phones.until(lambda: agent.call.ended, 5, "the call is over")
    wait_for_state(phones, hotline, "8001", "ready")
    phones.until(
        lambda: state(hotline, "8001")["calls_taken"] == earlier_calls + 1,
        10,
        "the call counts among the seat's calls today",
    )
    press(phones, agent, "*80", "seat-signed-out")
    wait_for_state(phones, hotline, "8001", "signed-out")
    assert not state(hotline, "8001")["signed_in"]


def test_only_a_ready_seat_is_offered_calls(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Signed out, busy, without its phone, or in a call of its own: the call goes to the agent who is ready."""
    out, busy, away, talking, ready = seats = staff(seat, "8001", "8002", "8003", "8004", "8005")
    press(phones, out, "*80", "seat-signed-out")
    press(phones, busy, "*82", "seat-busy")
    away.unregister()
    center = carrier.center("12313", name="center")
    talking.dial("12313")
    phones.until(lambda: talking.hears_only(center), 10, "a seat is in a call of its own")
    for phone, seat_state in zip(seats, ["signed-out", "busy", "offline", "in-call", "ready"], strict=True):
        wait_for_state(phones, hotline, phone.user, seat_state)
    for _again in range(2):
        citizen = carrier.call("12369")
        phones.until(lambda: ready.ringing, 20, "the ready seat's phone rings")
        ready.answer()
        talk(phones, citizen, ready)
        citizen.hang_up()
        phones.until(lambda: ready.call.ended, 5, "the call is over")
    assert not any(call.invite for phone in (out, busy, away, talking) for call in phone.calls)


@pytest.mark.own_hotline
def test_a_seat_stays_signed_in_if_its_phone_restarts_or_asterisk_dies(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    killed = asterisk(hotline)
    killed.kill()
    phones.until(lambda: not killed.is_running(), 5, "Asterisk has ended")
    first = carrier.call("12369", name="who dials before Asterisk is there again")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    agent.answer()
    talk(phones, first, agent)
    first.hang_up()
    phones.until(lambda: is_ready(hotline, "8001"), 30, "the seat is ready")
    agent.unregister()
    wait_for_state(phones, hotline, "8001", "offline")
    assert state(hotline, "8001")["signed_in"]
    agent.register()
    wait_for_state(phones, hotline, "8001", "ready")
    citizen = carrier.call("12369")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)


def test_an_agent_signs_in_at_the_phone_of_another_seat(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Seat 8001 signs in at the phone of 8005 by PIN; its own phone does not ring, and the record names seat 8001."""
    pins = {row["seat"]: row["pin"] for row in hotline.ask("seats")}
    other_phone, own_phone = (
        seat("8005", name="other phone", signs_in=False),
        seat("8001", name="own phone", signs_in=False),
    )

    def with_pin(phone: SeatPhone, code: str, pin: str, prompt: str) -> None:
        call = phone.dial(code)
        phones.until(lambda: has_heard(call, "seat-enter-pin"), 10, "the agent is asked for the PIN")
        call.keys(f"{pin}#")
        phones.until(lambda: has_heard(call, prompt), 10, f"{code}: {prompt} is heard")
        phones.until(lambda: call.ended, 10, "the call of the phone is over")

    with_pin(other_phone, "*818001", pins["8002"], "seat-pin-wrong")
    with_pin(other_phone, "*818001", pins["8001"], "seat-signed-in")
    press(phones, own_phone, "*81", "seat-elsewhere")
    press(phones, other_phone, "*81", "seat-phone-taken")
    wait_for_state(phones, hotline, "8001", "ready")
    assert state(hotline, "8001")["at"] == "8005"
    other_phone.unregister()
    wait_for_state(phones, hotline, "8001", "offline")
    other_phone.register()
    wait_for_state(phones, hotline, "8001", "ready")
    citizen = carrier.call("12369")
    phones.until(lambda: other_phone.ringing, 20, "the phone rings at which the seat signed in")
    other_phone.answer()
    talk(phones, citizen, other_phone)
    wait_for_state(phones, hotline, "8001", "in-call")
    citizen.hang_up()
    phones.until(lambda: other_phone.call.ended, 5, "the call is over")
    assert not any(call.invite for call in own_phone.calls)
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert (record["seat"], [leg["target"] for leg in record["legs"]]) == ("8001", ["8001"])
    with_pin(own_phone, "*808001", pins["8001"], "seat-signed-out")
    wait_for_state(phones, hotline, "8001", "signed-out")
    for _try in range(3):
        with_pin(own_phone, "*818002", "999999", "seat-pin-wrong")
    press(phones, own_phone, "*818002", "seat-pin-paused")
    log_files = (hotline.home / "log").rglob("*")
    files_with_pin = [path for path in log_files if path.is_file() and pins["8001"].encode() in path.read_bytes()]
    assert not files_with_pin, f"a PIN is in {files_with_pin}"


@pytest.mark.reloaded_hotline
class TestWrapUp:
    @pytest.fixture
    def numbers(self) -> dict[str, Any]:
        changed = quick_registry(timers={**QUICK, "wrapup": 300})
        changed["seats"][0]["groups"] = ["general", "enterprise"]
        return changed

    def test_a_seat_has_wrap_up_after_a_call_and_becomes_busy_if_it_does_not_answer(
        self, phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
    ) -> None:
        """The wrap-up holds for all groups of the seat: the call was a citizen's, and an enterprise waits."""
        agent = seat("8001", name="agent")
        citizen = carrier.call("12369")
        phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
        agent.answer()
        talk(phones, citizen, agent)
        agent.hang_up()
        phones.until(lambda: citizen.ended, 5, "the call is over")
        wait_for_state(phones, hotline, "8001", "wrap-up")
        waiting = carrier.call("12345", "13800000002")
        phones.until(lambda: has_heard(waiting, "opening"), 10, "the opening is heard")
        waiting.keys("2")
        phones.until(lambda: has_heard(waiting, "queue-youarenext"), 60, "the next citizen waits")
        assert not agent.ringing, "a seat in wrap-up was offered a call"
        press(phones, agent, "*83", "seat-ready")
        phones.until(lambda: agent.ringing, 10, "the agent's phone rings")
        missed = [agent.ringing]
        phones.until(lambda: agent.ringing and agent.ringing not in missed, 30, "the phone rings again")
        phones.until(lambda: agent.ringing and agent.ringing.caller == "8001", 30, "the hotline calls the seat")
        assert "*83" in agent.call.caller_name
        agent.answer()
        phones.until(lambda: has_heard(agent.call, "seat-set-aside"), 10, "the agent hears that the seat is busy now")
        phones.until(lambda: agent.call.ended, 10, "the call of the phone is over")
        phones.until(
            lambda: state(hotline, "8001")["reason"] == "no-answer", 10, "the status shows the automatic pause"
        )
        assert waiting.connected, "the citizen's call has ended"
        press(phones, agent, "*83", "seat-ready")
        phones.until(lambda: agent.ringing, 10, "the agent's phone rings again")
        agent.answer()
        talk(phones, waiting, agent)


def test_a_phone_registers_only_with_the_seats_password(phones: Phones, hotline: RunningHotline) -> None:
    for user, password in {"8001": "guess", "8002": hotline.password("8001"), "9999": "", "carrier": ""}.items():
        with pytest.raises(AssertionError, match=r"was not registered: (401|403|404)"):
            SeatPhone(phones, user, password, hotline.server, name=f"thief {user}").register()


def test_a_seat_may_call_the_hotline_like_a_citizen(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent, asking = seat("8001", name="agent"), seat("8002", name="asking", signs_in=False)
    seat_call = asking.dial("12345")
    phones.until(lambda: has_heard(seat_call, "opening"), 10, "the opening is heard")
    seat_call.keys("0")
    phones.until(lambda: agent.ringing, 10, "the agent's phone rings")
    assert agent.call.caller == "8002"
    agent.answer()
    talk(phones, seat_call, agent)
    seat_call.hang_up()
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert (record["caller"], record["dialled"], record["seat"]) == ("8002", "12345", "8001")


def test_a_phone_that_is_no_seat_can_dial_nothing(phones: Phones, carrier: Carrier, hotline: RunningHotline) -> None:
    """A phone that is no seat reaches neither the carrier nor a feature code."""
    stranger = SeatPhone(phones, "8001", "", "", name="stranger")
    for number in ("12345", "*81", "119"):
        call = stranger.dial(f"sip:{number}@{hotline.server}")
        phones.until(lambda call=call: call.ended, 10, f"{number} is refused")
        assert not call.was_connected
    assert not carrier.unexpected
