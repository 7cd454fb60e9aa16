"""The two machines of a front, each a real Kamailio: the one without the address is ready to take it."""

import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ivr.cluster import other_front
from ivr.cluster.front_config import PAIR_PORT, phone_access
from ivr.cluster.other_front import FrontNotReady, reason_to_wait, wait_for_other
from ivr.runtime import sip_options
from testkit.signalling import SignallingMessage, digest_header
from tests.cluster.running_front import HOSTS, PORT, WITHIN, running_machine

SEAT, PASSWORD = "8001", "correct-horse"
PHONES = [phone_access(SEAT, PASSWORD)]
FRONT, FIRST, SECOND = HOSTS.address("front"), HOSTS.address("first"), HOSTS.address("second")


def opened(stack: ExitStack, host: str, port: int = 0) -> socket.socket:
    own = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    own.bind((HOSTS.address(host), port))
    own.settimeout(WITHIN)
    return own


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as entered:
        yield entered


@pytest.fixture
def node(stack: ExitStack) -> socket.socket:
    return opened(stack, "north", PORT)


@pytest.fixture
def first(stack: ExitStack, node: socket.socket, tmp_path: Path) -> Path:
    """The machine with the address runs; return its folder."""
    stack.enter_context(running_machine(tmp_path / "first", PHONES, "first", has_address=True))
    return tmp_path / "first"


@pytest.fixture
def second(stack: ExitStack, first: Path, tmp_path: Path) -> Path:
    """The machine without the address runs, too; return its folder."""
    stack.enter_context(running_machine(tmp_path / "second", PHONES, "second", has_address=False))
    return tmp_path / "second"


def answer_question(node: socket.socket, machine: str) -> None:
    """Answer the next OPTIONS with which a machine of the front asks the node whether it answers."""
    while True:
        text, source = node.recvfrom(65536)
        question = SignallingMessage(text.decode())
        if question.first.startswith("OPTIONS"):
            lines = ["SIP/2.0 200 OK", *(f"Via: {via}" for via in question.all("via"))]
            lines += [f"{name}: {question.get(name)}" for name in ("From", "To", "Call-ID", "CSeq")]
            node.sendto("\r\n".join((*lines, "Content-Length: 0", "", "")).encode(), source)
            if source == (machine, PAIR_PORT):
                return


def register(phone: socket.socket) -> None:
    """Register the seat's phone at the front."""
    challenge, header = None, ()
    for sequence in (1, 2):
        if challenge:
            header = (digest_header(challenge, "REGISTER", f"sip:{FRONT}", SEAT, PASSWORD),)
        host, port = phone.getsockname()
        lines = (
            f"REGISTER sip:{FRONT} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{uuid.uuid4().hex}",
            "Max-Forwards: 70", f"From: <sip:{SEAT}@{FRONT}>;tag=a", f"To: <sip:{SEAT}@{FRONT}>", "Call-ID: register",
            f"CSeq: {sequence} REGISTER", f"Contact: <sip:{SEAT}@{host}:{port}>", *header, "Content-Length: 0",
        )  # fmt: skip
        phone.sendto("\r\n".join((*lines, "", "")).encode(), (FRONT, PORT))
        challenge = SignallingMessage(phone.recv(65536).decode())
    assert challenge and challenge.code == 200


def call(carrier: socket.socket) -> None:
    host, port = carrier.getsockname()
    lines = (
        f"INVITE sip:12345@{FRONT} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKcall", "Max-Forwards: 70",
        f"From: <sip:13800000000@{host}>;tag=c", f"To: <sip:12345@{FRONT}>", "Call-ID: call", "CSeq: 1 INVITE",
        f"Contact: <sip:c@{host}:{port}>", "Content-Length: 0",
    )  # fmt: skip
    carrier.sendto("\r\n".join((*lines, "", "")).encode(), (FRONT, PORT))


def next_invite(node: socket.socket) -> tuple[SignallingMessage, object]:
    """Return the next INVITE for the node, and the address that it came from."""
    while True:
        text, source = node.recvfrom(65536)
        message = SignallingMessage(text.decode())
        if message.first.startswith("INVITE"):
            return message, source


def log_of(folder: Path) -> str:
    return folder.with_suffix(".log").read_text(encoding="utf-8")


def until_logged(folder: Path, *texts: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not all(text in log_of(folder) for text in texts):
        assert time.monotonic() < deadline, log_of(folder)
        time.sleep(0.1)


def phones_at(machine: str) -> int | None:
    return other_front.phones_of(sip_options.response(machine, PAIR_PORT, machine))


def test_the_machine_without_the_address_asks_the_nodes_from_its_own_and_logs_nothing_about_it(
    node: socket.socket, second: Path
) -> None:
    answer_question(node, SECOND)
    until_logged(second, "node south does not answer")
    before = log_of(second)
    for _again in range(3):
        answer_question(node, SECOND)
    assert log_of(second) == before
    assert "unreachable" not in before


def test_a_call_comes_to_a_node_from_the_address_of_the_front(
    stack: ExitStack, node: socket.socket, first: Path
) -> None:
    call(opened(stack, "carrier"))
    invite, source = next_invite(node)
    assert source == (FRONT, PORT)
    assert invite.all("via")[0].startswith(f"SIP/2.0/UDP {FRONT}"), "the answer comes to whichever machine has it"
    assert [FRONT in route for route in invite.all("record-route")] == [True]


def test_an_admin_reads_of_each_node_that_it_does_not_answer_and_that_it_does_again(
    node: socket.socket, first: Path
) -> None:
    until_logged(first, "node north does not answer", "node south does not answer")
    while "node north answers" not in log_of(first):
        answer_question(node, FIRST)
    assert "node south answers" not in log_of(first)


def test_a_call_comes_to_a_node_also_if_none_has_answered_lately(
    stack: ExitStack, node: socket.socket, first: Path
) -> None:
    until_logged(first, "node north does not answer", "node south does not answer")
    call(opened(stack, "carrier"))
    assert next_invite(node)[0].user == "12345"


def test_the_other_machine_is_ready_once_it_knows_the_phones(
    stack: ExitStack, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other_front, "_SETTLED", 0.2)
    register(opened(stack, "stranger"))
    assert phones_at(FIRST) == 1
    wait_for_other(FIRST, SECOND, WITHIN)
    assert phones_at(SECOND) == 1


def test_an_admin_reads_why_the_address_should_not_move_yet(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sip_options, "_SECONDS", 0.2)
    with pytest.raises(FrontNotReady, match=f"the front at {SECOND} does not answer at port 5066"):
        wait_for_other(FIRST, SECOND, 0.0)
    assert "has answered for 3 s only; keepalived counts on it after 8 s" in reason_to_wait(SECOND, 3.0, 12, 12)
    assert "knows 11 of 12 registered phones" in reason_to_wait(SECOND, 8.0, 11, 12)
    assert not reason_to_wait(SECOND, 8.0, 12, 12)
    assert not reason_to_wait(SECOND, 8.0, None, 12), "a front of the version before does not say it"
