"""Phones that call each other over loopback, without Asterisk."""

import signal
import socket

import pytest

from testkit import patience

from . import Carrier, Phones, SeatPhone


def pair(phones: Phones) -> tuple[SeatPhone, SeatPhone]:
    return SeatPhone(phones, "8001", name="agent"), SeatPhone(phones, "8002", name="expert")


def test_each_hears_the_other_and_nothing_else(phones: Phones) -> None:
    agent, expert = pair(phones)
    call = agent.dial(expert.uri)
    expert.answer()
    phones.until(lambda: call.hears_only("expert", seconds=1) and expert.hears_only(agent, seconds=1), 6, "they talk")
    assert not call.hears("agent")
    expert.hang_up()
    phones.until(lambda: call.ended and call.closed, 5, "the agent's call is over")
    assert call.code == 200
    assert {span.who for span in call.heard.timeline()} <= {"silence", "expert"}


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
    phones.until(lambda: expert.call.keys_received == "*20123456789#", 2, "all keys")


@pytest.mark.parametrize("code", [486, 603, 404, 503])
def test_a_refusal_shows_its_code(phones: Phones, code: int) -> None:
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


def test_centers_do_as_they_are_told(phones: Phones) -> None:
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
    phones.until(lambda: nobody.ended and nobody.code == 404, 5, "there is nobody")
    assert [invite.called for invite in carrier.unexpected] == ["500"]


def test_a_center_leads_a_call_back(phones: Phones) -> None:
    expert = SeatPhone(phones, "12345", name="expert", behaviour="answers")
    carrier = Carrier(phones, hotline=expert.uri.partition("@")[2])
    center = carrier.center("12369", name="center", forwards_to="12345")
    agent = SeatPhone(phones, "8001", name="agent")
    call = agent.dial(f"sip:12369@{carrier.address}")
    phones.until(lambda: call.hears_only(expert) and expert.hears_only(agent), 6, "the agent reaches the expert")
    call.hang_up()
    phones.until(lambda: expert.call.ended and center.call.ended, 5, "all is over")


def test_a_call_can_be_given_up_at_once(phones: Phones) -> None:
    agent, expert = pair(phones)
    call = agent.dial(expert.uri)
    call.hang_up()
    phones.until(lambda: call.ended and call.closed, 5, "the call is over")
    assert not expert.talking


def test_a_missed_deadline_tells_what_the_phones_did(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, expert = pair(phones)
    agent.dial(expert.uri)
    monkeypatch.setattr(patience, "PATIENCE", 1.0)
    with pytest.raises(
        AssertionError, match=r"(?s)not within 1 s: the expert answers.*call of agent: early, 180.*call of expert"
    ):
        phones.until(lambda: expert.talking, 0.5, "the expert answers")


def test_a_phone_without_its_cable_does_not_answer(phones: Phones) -> None:
    agent, expert = pair(phones)
    where = expert.uri
    expert.unplug()
    call = agent.dial(where)
    assert not phones.within(2, lambda: call.ringing or call.ended or expert.calls)


def test_many_calls_at_once(phones: Phones) -> None:
    seats = [SeatPhone(phones, f"9{n:03}", behaviour="answers") for n in range(12)]
    calls = [(one.dial(other.uri), one, other) for one, other in zip(seats[::2], seats[1::2], strict=True)]
    phones.until(
        lambda: all(call.hears_only(other) and other.hears_only(one) for call, one, other in calls),
        15,
        "six pairs talk",
    )


def test_a_registrar_that_refuses_is_named_with_its_code(phones: Phones) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as registrar:
        registrar.bind(("127.0.0.1", 0))
        registrar.settimeout(5)
        seat = SeatPhone(phones, "8001", "secret", f"127.0.0.1:{registrar.getsockname()[1]}")
        request, phone = registrar.recvfrom(4096)
        kept = [
            line
            for line in request.split(b"\r\n")
            if line.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")
        ]
        registrar.sendto(b"\r\n".join([b"SIP/2.0 403 Forbidden", *kept, b"Content-Length: 0", b"", b""]), phone)
        with pytest.raises(AssertionError, match="8001 was not registered: 403"):
            seat.register()


def test_a_port_in_use_is_said(phones: Phones) -> None:
    carrier = Carrier(phones)
    with pytest.raises(AssertionError, match=r"PJSIP refused account.*Address already in use"):
        Carrier(phones, port=carrier.port)


def test_two_carriers_have_their_own_centers(phones: Phones) -> None:
    one, other = Carrier(phones), Carrier(phones)
    one.center("12313", name="tobacco")
    agent = SeatPhone(phones, "8001", name="agent")
    here = agent.dial(f"sip:12313@{one.address}")
    phones.until(lambda: here.hears_only("tobacco"), 5, "one has it")
    there = agent.dial(f"sip:12313@{other.address}")
    phones.until(lambda: there.code == 404, 5, "the other has not")
    assert not one.unexpected


def test_seats_of_one_number_are_told_apart(phones: Phones) -> None:
    """As they are when two hotlines run side by side."""
    here, there = SeatPhone(phones, "8001", name="here"), SeatPhone(phones, "8001", name="there")
    agent = SeatPhone(phones, "8002")
    agent.dial(there.uri)
    phones.until(lambda: there.ringing, 5, "that one rings")
    agent.dial(here.uri)
    phones.until(lambda: here.ringing, 5, "this one rings")
    assert len(there.calls) == len(here.calls) == 1


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
        phones.until(lambda: phones.calls[0].code == 404, 5, "nobody there")
        phones.reset()
