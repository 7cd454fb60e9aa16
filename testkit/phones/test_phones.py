"""Phones that call each other over loopback, without Asterisk."""

import signal
import socket

import pytest

from testkit import patience

from . import Carrier, Phones, SeatPhone


def pair(phones: Phones) -> tuple[SeatPhone, SeatPhone]:
    return SeatPhone(phones, "8001", name="agent"), SeatPhone(phones, "8002", name="expert")


def test_two_phones_in_a_call_hear_each_other_and_nothing_else(phones: Phones) -> None:
    agent, expert = pair(phones)
    call = agent.dial(expert.uri)
    expert.answer()
    phones.until(lambda: call.hears_only("expert", seconds=1) and expert.hears_only(agent, seconds=1), 6, "they talk")
    assert not call.hears("agent")
    expert.hang_up()
    phones.until(lambda: call.ended and call.closed, 5, "the agent's call is over")
    assert call.code == 200
    assert {span.parties for span in call.heard.timeline()} <= {"silence", "expert"}


def test_a_call_without_an_answer_is_heard_as_silence(phones: Phones) -> None:
    agent, expert = pair(phones)
    call = agent.dial(expert.uri)
    phones.until(lambda: call.ringing and call.code == 180, 5, "it rings")
    phones.until(lambda: call.hears_only(seconds=0.5), 5, "silence")
    call.hang_up()
    phones.until(lambda: expert.call.ended and call.ended, 5, "both are over")
    assert call.code == 487


def test_keys_arrive_in_order(phones: Phones) -> None:
    agent, expert = pair(phones)
    call = agent.dial(expert.uri)
    expert.answer()
    call.keys("*2")
    call.keys("0123456789#")
    phones.until(lambda: expert.call.keys_received == "*20123456789#", 2, "all keys arrive")


@pytest.mark.parametrize("code", [486, 603, 404, 503])
def test_a_caller_sees_the_status_code_of_a_refusal(phones: Phones, code: int) -> None:
    agent, expert = pair(phones)
    call = agent.dial(expert.uri)
    expert.reject(code)
    phones.until(lambda: call.ended, 5, "the agent's call is over")
    assert call.code == code


def test_a_phone_shows_name_and_headers_of_the_invite(phones: Phones) -> None:
    expert = SeatPhone(phones, "8002")
    carrier = Carrier(phones, hotline=expert.uri.partition("@")[2])
    hostile = "500&PJSIP/8001;x=\"'<1>,${EXTEN}"
    carrier.call("8002", hostile, caller_name='法律"援助"', headers={"X-Hotline-Line": "12348"})
    call = phones.until(lambda: expert.ringing, 5, "it rings")
    assert (call.caller, call.caller_name, call.called) == (hostile, '法律"援助"', "8002")
    assert call.header("x-hotline-line") == "12348"
    assert call.header("X-None") is None


def test_a_caller_may_withhold_the_number(phones: Phones) -> None:
    expert = SeatPhone(phones, "8002")
    Carrier(phones, hotline=expert.uri.partition("@")[2]).call("8002", "")
    assert phones.until(lambda: expert.ringing, 5, "it rings").caller == "anonymous"


def test_a_center_answers_rings_or_refuses_as_the_test_says(phones: Phones) -> None:
    carrier = Carrier(phones)
    agent = SeatPhone(phones, "8001", name="agent")
    center = carrier.center("12313", name="center", after=0.5)
    carrier.center("12366", answers=False)
    carrier.center("12322", answers=486)
    talk = agent.dial(f"sip:12313@{carrier.address}")
    phones.until(lambda: talk.ringing and center.ringing, 5, "the center rings")
    phones.until(lambda: talk.hears_only(center) and center.hears_only(agent), 5, "they talk")
    silent = agent.dial(f"sip:12366@{carrier.address}")
    phones.until(lambda: silent.code == 180, 5, "it rings")
    silent.hang_up()
    phones.until(lambda: silent.closed, 5, "the agent gave up")
    busy = agent.dial(f"sip:12322@{carrier.address}")
    phones.until(lambda: busy.ended and busy.code == 486, 5, "it is busy")
    nobody = agent.dial(f"sip:500@{carrier.address}")
    phones.until(lambda: nobody.ended and nobody.code == 404, 5, "a number without a center is answered with 404")
    assert [invite.called for invite in carrier.unexpected] == ["500"]


def test_a_center_forwards_a_call_to_the_hotline(phones: Phones) -> None:
    expert = SeatPhone(phones, "12345", name="expert", behaviour="answers")
    carrier = Carrier(phones, hotline=expert.uri.partition("@")[2])
    center = carrier.center("12369", name="center", forwards_to="12345")
    agent = SeatPhone(phones, "8001", name="agent")
    call = agent.dial(f"sip:12369@{carrier.address}")
    phones.until(lambda: call.hears_only(expert) and expert.hears_only(agent), 6, "the agent reaches the expert")
    call.hang_up()
    phones.until(lambda: expert.call.ended and center.call.ended, 5, "both legs are over")


def test_a_caller_can_hang_up_at_once(phones: Phones) -> None:
    agent, expert = pair(phones)
    call = agent.dial(expert.uri)
    call.hang_up()
    phones.until(lambda: call.ended and call.closed, 5, "the call is over")
    assert not expert.talking


def test_a_missed_deadline_reports_the_state_of_every_phone(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, expert = pair(phones)
    agent.dial(expert.uri)
    monkeypatch.setattr(patience, "PATIENCE", 1.0)
    with pytest.raises(
        AssertionError, match=r"(?s)not within 1 s: the expert answers.*call of agent: early, 180.*call of expert"
    ):
        phones.until(lambda: expert.talking, 0.5, "the expert answers")


def test_an_unplugged_phone_does_not_answer(phones: Phones) -> None:
    agent, expert = pair(phones)
    address = expert.uri
    expert.unplug()
    call = agent.dial(address)
    assert not phones.within(2, lambda: call.ringing or call.ended or expert.calls)


def test_many_calls_at_once(phones: Phones) -> None:
    seats = [SeatPhone(phones, f"9{n:03}", behaviour="answers") for n in range(12)]
    calls = [(caller.dial(called.uri), caller, called) for caller, called in zip(seats[::2], seats[1::2], strict=True)]
    phones.until(
        lambda: all(call.hears_only(called) and called.hears_only(caller) for call, caller, called in calls),
        15,
        "six pairs talk",
    )


def test_a_refused_registration_fails_with_the_registrars_status_code(phones: Phones) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as registrar:
        registrar.bind(("127.0.0.1", 0))
        registrar.settimeout(5)
        seat = SeatPhone(phones, "8001", "secret", f"127.0.0.1:{registrar.getsockname()[1]}")
        request, phone = registrar.recvfrom(4096)
        copied = [
            line
            for line in request.split(b"\r\n")
            if line.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")
        ]
        registrar.sendto(b"\r\n".join([b"SIP/2.0 403 Forbidden", *copied, b"Content-Length: 0", b"", b""]), phone)
        with pytest.raises(AssertionError, match="8001 was not registered: 403"):
            seat.register()


def test_a_port_in_use_is_reported(phones: Phones) -> None:
    carrier = Carrier(phones)
    with pytest.raises(AssertionError, match=r"PJSIP refused account.*Address already in use"):
        Carrier(phones, port=carrier.port)


def test_two_carriers_have_their_own_centers(phones: Phones) -> None:
    first, second = Carrier(phones), Carrier(phones)
    first.center("12313", name="tobacco")
    agent = SeatPhone(phones, "8001", name="agent")
    reached = agent.dial(f"sip:12313@{first.address}")
    phones.until(lambda: reached.hears_only("tobacco"), 5, "the first carrier has the center")
    unknown = agent.dial(f"sip:12313@{second.address}")
    phones.until(lambda: unknown.code == 404, 5, "the second carrier has no such center")
    assert not first.unexpected


def test_two_phones_with_the_same_number_each_get_their_own_calls(phones: Phones) -> None:
    """Two hotlines side by side have seats with the same numbers."""
    first_phone, dialled_phone = SeatPhone(phones, "8001", name="here"), SeatPhone(phones, "8001", name="there")
    agent = SeatPhone(phones, "8002")
    agent.dial(dialled_phone.uri)
    phones.until(lambda: dialled_phone.ringing, 5, "the phone that was dialled rings")
    agent.dial(first_phone.uri)
    phones.until(lambda: first_phone.ringing, 5, "so does the other phone")
    assert len(dialled_phone.calls) == len(first_phone.calls) == 1


def test_a_process_that_dies_is_reported(all_phones: Phones, phones: Phones) -> None:
    agent = SeatPhone(phones, "8001")
    agent._line.worker.process.send_signal(signal.SIGABRT)  # as an assertion of PJSIP does
    logs = r"workers\.log ends with:\n.*Fatal Python error: Aborted.*pjsip-\d+\.log ends with:\n.*pjsua"
    with pytest.raises(AssertionError, match=rf"(?s)phones' process .* died with -6\n{logs}"):
        phones.until(lambda: agent.calls, 5)


def test_a_port_is_free_again_for_the_next_test(phones: Phones) -> None:
    port = 0
    for _ in range(10):  # more often than a process has places for accounts
        carrier = Carrier(phones, port=port)
        port = carrier.port
        SeatPhone(phones, "8001", name="agent").dial(f"sip:12313@{carrier.address}")
        phones.until(lambda: phones.calls[0].code == 404, 5, "no center has the number")
        phones.reset()
