"""Kamailio itself: it alone says that a request is of a node, because a node takes callers over by that."""

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ivr.cluster.front_config import phone_access
from testkit.signalling import SignallingMessage
from tests.cluster.running_front import HOSTS, PORT, WITHIN, running_front


@pytest.fixture
def sockets(tmp_path: Path) -> Iterator[dict[str, socket.socket]]:
    """The carrier and both nodes, with a front between them."""
    with ExitStack() as opened:
        found = {}
        for name in ("carrier", "north", "south"):
            found[name] = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            found[name].bind((HOSTS.address(name), PORT))
            found[name].settimeout(WITHIN)
        opened.enter_context(running_front(tmp_path / "front", [phone_access("8001", "x")]))
        yield found


def invite(own: socket.socket, home: str, call: str = "1") -> None:
    """Ask the front for the queue of a group at a node, and say to be the node west."""
    host, port = own.getsockname()
    uri = f"sip:group-general@{HOSTS.address(home)}"
    lines = (
        f"INVITE {uri} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{call}", "Max-Forwards: 70",
        f"From: <sip:13800000000@{host}>;tag=a", f"To: <{uri}>", f"Call-ID: {call}", "CSeq: 1 INVITE",
        f"Contact: <sip:x@{host}:{port}>", "X-Hotline-Node: west", "x-hotline-node : west", "X-Hotline-Trunk: west",
        "X-Hotline-Seat: 8002", "X-Hotline-Moved: yes", "X-Hotline-In-Call: yes", "Content-Length: 0",
    )  # fmt: skip
    own.sendto("\r\n".join((*lines, "", "")).encode(), (HOSTS.address("front"), PORT))


def arrived(node: socket.socket, method: str = "INVITE") -> SignallingMessage:
    """Return the INVITE that comes to a node; OPTIONS come, too."""
    while True:
        text = node.recv(65536).decode()
        if text.startswith(method):
            return SignallingMessage(text)


def called(nodes: list[socket.socket]) -> tuple[socket.socket, SignallingMessage]:
    """Return the node that gets an INVITE first, and the INVITE."""
    while True:
        for node in select.select(nodes, [], [], WITHIN)[0]:
            if (text := node.recv(65536).decode()).startswith("INVITE"):
                return node, SignallingMessage(text)


def reply(node: socket.socket, request: SignallingMessage, status: str = "200 OK") -> None:
    """Answer an INVITE."""
    host, port = node.getsockname()
    lines = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in request.all("via"))]
    lines += [f"Record-Route: {route}" for route in request.all("record-route")]
    lines += [f"{name}: {request.get(name)}" for name in ("From", "Call-ID", "CSeq")]
    lines += [f"To: {request.get('to')};tag={host}", f"Contact: <sip:{host}:{port}>", "Content-Length: 0"]
    node.sendto("\r\n".join((*lines, "", "")).encode(), (HOSTS.address("front"), PORT))


def answered(own: socket.socket) -> SignallingMessage:
    """Return the answer that comes to the carrier."""
    while True:
        message = SignallingMessage(own.recv(65536).decode())
        if message.code == 200:
            return message


def hang_up(own: socket.socket, answer: SignallingMessage, node: socket.socket) -> None:
    """End the dialog with a node, of those that one INVITE made; say why as nodes do."""
    host, port = own.getsockname()
    at, number = node.getsockname()
    lines = [f"BYE sip:{at}:{number} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{at}"]
    lines += ["Max-Forwards: 70", *(f"Route: {route}" for route in answer.all("record-route")[::-1])]
    lines += [f"{name}: {answer.get(name)}" for name in ("From", "Call-ID")]
    lines += [f"To: {answer.get('to').partition(';')[0]};tag={at}", "CSeq: 2 BYE", "Reason: Q.850;cause=126"]
    lines += ["Content-Length: 0"]
    own.sendto("\r\n".join((*lines, "", "")).encode(), (HOSTS.address("front"), PORT))


def words(message: SignallingMessage) -> dict[str, list[str]]:
    names = ("node", "trunk", "seat", "moved", "in-call")
    return {name: found for name in names if (found := message.all(f"x-hotline-{name}"))}


def test_a_carrier_that_says_to_be_a_node_is_a_carrier_at_every_node(sockets: dict[str, socket.socket]) -> None:
    invite(sockets["carrier"], "south")
    assert [words(arrived(sockets[node])) for node in ("north", "south")] == [{"trunk": ["carrier"]}] * 2, (
        "the next node has it as well, because the first says nothing"
    )


def test_a_node_is_called_by_its_own_name(sockets: dict[str, socket.socket]) -> None:
    invite(sockets["north"], "south")
    assert words(arrived(sockets["south"])) == {"node": ["north"]}


def test_a_node_that_answers_too_late_is_told_that_another_has_the_call(sockets: dict[str, socket.socket]) -> None:
    carrier, nodes = sockets["carrier"], [sockets["north"], sockets["south"]]
    invite(carrier, "south")
    late, _invite = called(nodes)
    serves = nodes[1 - nodes.index(late)]
    reply(serves, arrived(serves))
    answer = answered(carrier)
    for node in (late, serves):  # Kamailio passes on a second answer, too, once it has forgotten the transaction
        hang_up(carrier, answer, node)
    assert arrived(late, "BYE").all("reason") == ["Q.850;cause=126"]
    assert arrived(serves, "BYE").all("reason") == [], "a carrier cannot say so"


def test_a_node_that_only_confirms_a_call_loses_it_to_the_next_and_a_node_that_rings_does_not(
    sockets: dict[str, socket.socket],
) -> None:
    carrier, nodes = sockets["carrier"], [sockets["north"], sockets["south"]]
    invite(carrier, "south", "rings")
    node, request = called(nodes)
    for status in ("100 Trying", "180 Ringing"):
        reply(node, request, status)
    invite(carrier, "south", "confirmed")
    cut_off, request = called(nodes)
    reply(cut_off, request, "100 Trying")
    others = [node for node in nodes if node is not cut_off]
    serves, request = called(others)
    assert request.get("call-id") == "confirmed"
    reply(serves, request)
    assert answered(carrier).get("call-id") == "confirmed"
    assert arrived(cut_off, "CANCEL").get("call-id") == "confirmed"
