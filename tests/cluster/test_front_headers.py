"""Only the front can mark a request as a node's, because a node takes callers over by this mark; a real Kamailio."""

import select
import socket
import time
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
        by_name = {}
        for name in ("carrier", "north", "south"):
            by_name[name] = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            by_name[name].bind((HOSTS.address(name), PORT))
            by_name[name].settimeout(WITHIN)
        opened.enter_context(running_front(tmp_path / "front", [phone_access("8001", "x")]))
        yield by_name


def invite(own: socket.socket, home: str, call: str = "1") -> None:
    """Send the front an INVITE for a group's queue at a node, with the headers of a node west."""
    host, port = own.getsockname()
    uri = f"sip:group-general@{HOSTS.address(home)}"
    lines = (
        f"INVITE {uri} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{call}", "Max-Forwards: 70",
        f"From: <sip:13800000000@{host}>;tag=a", f"To: <{uri}>", f"Call-ID: {call}", "CSeq: 1 INVITE",
        f"Contact: <sip:x@{host}:{port}>", "X-Hotline-Node: west", "x-hotline-node : west", "X-Hotline-Trunk: west",
        "X-Hotline-Seat: 8002", "X-Hotline-Moved: yes", "X-Hotline-In-Call: yes", "Content-Length: 0",
    )  # fmt: skip
    own.sendto("\r\n".join((*lines, "", "")).encode(), (HOSTS.address("front"), PORT))


def next_request(node: socket.socket, method: str = "INVITE") -> SignallingMessage:
    """Return the next request of a method that comes to a node."""
    while True:
        text = node.recv(65536).decode()
        if text.startswith(method):
            return SignallingMessage(text)


def first_invited(nodes: list[socket.socket]) -> tuple[socket.socket, SignallingMessage]:
    """Return the first node that gets an INVITE, and the INVITE."""
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


def response_at_carrier(own: socket.socket, code: int = 200) -> SignallingMessage:
    """Return the response with this code that comes to the carrier."""
    while True:
        message = SignallingMessage(own.recv(65536).decode())
        if message.code == code:
            return message


def hang_up(own: socket.socket, answer: SignallingMessage, node: socket.socket) -> None:
    """Send a BYE in the dialog with this node, with a Reason header as nodes send it."""
    host, port = own.getsockname()
    node_host, node_port = node.getsockname()
    lines = [f"BYE sip:{node_host}:{node_port} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{node_host}"]
    lines += ["Max-Forwards: 70", *(f"Route: {route}" for route in answer.all("record-route")[::-1])]
    lines += [f"{name}: {answer.get(name)}" for name in ("From", "Call-ID")]
    lines += [f"To: {answer.get('to').partition(';')[0]};tag={node_host}", "CSeq: 2 BYE", "Reason: Q.850;cause=126"]
    lines += ["Content-Length: 0"]
    own.sendto("\r\n".join((*lines, "", "")).encode(), (HOSTS.address("front"), PORT))


def hotline_headers(message: SignallingMessage) -> dict[str, list[str]]:
    names = ("node", "trunk", "seat", "moved", "in-call")
    return {name: texts for name in names if (texts := message.all(f"x-hotline-{name}"))}


def test_a_carrier_that_sends_the_headers_of_a_node_stays_a_carrier_at_every_node(
    sockets: dict[str, socket.socket],
) -> None:
    invite(sockets["carrier"], "south")
    assert [hotline_headers(next_request(sockets[node])) for node in ("north", "south")] == [
        {"trunk": ["carrier"]}
    ] * 2, "the next node gets the INVITE, too, because the first node does not respond"


def test_a_request_of_a_node_has_the_name_of_this_node(sockets: dict[str, socket.socket]) -> None:
    invite(sockets["north"], "south")
    assert hotline_headers(next_request(sockets["south"])) == {"node": ["north"]}


def test_a_node_that_answers_too_late_learns_that_another_node_has_the_call(sockets: dict[str, socket.socket]) -> None:
    carrier, nodes = sockets["carrier"], [sockets["north"], sockets["south"]]
    invite(carrier, "south")
    late, _invite = first_invited(nodes)
    serving = nodes[1 - nodes.index(late)]
    reply(serving, next_request(serving))
    answer = response_at_carrier(carrier)
    for node in (late, serving):  # Kamailio passes on a second answer, too, once it has forgotten the transaction
        hang_up(carrier, answer, node)
    assert next_request(late, "BYE").all("reason") == ["Q.850;cause=126"]
    assert next_request(serving, "BYE").all("reason") == [], "the Reason header of a carrier is removed"


def cancel(own: socket.socket, call: str, uri: str) -> None:
    """Cancel an INVITE, with a Reason header as the front's answer to a late node."""
    host, port = own.getsockname()
    lines = (
        f"CANCEL {uri} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{call}", "Max-Forwards: 70",
        f"From: <sip:13800000000@{host}>;tag=a", f"To: <{uri}>", f"Call-ID: {call}", "CSeq: 1 CANCEL",
        "Reason: Q.850;cause=127", "Content-Length: 0",
    )  # fmt: skip
    own.sendto("\r\n".join((*lines, "", "")).encode(), (HOSTS.address("front"), PORT))


def test_a_call_goes_to_the_next_node_after_100_trying_alone_and_stays_after_180_ringing(
    sockets: dict[str, socket.socket],
) -> None:
    carrier, nodes = sockets["carrier"], [sockets["north"], sockets["south"]]
    invite(carrier, "south", "rings")
    node, request = first_invited(nodes)
    for status in ("100 Trying", "180 Ringing"):
        reply(node, request, status)
    invite(carrier, "south", "confirmed")
    cut_off, request = first_invited(nodes)
    reply(cut_off, request, "100 Trying")
    others = [node for node in nodes if node is not cut_off]
    began = time.monotonic()
    serving, request = first_invited(others)
    assert time.monotonic() - began < 2
    assert request.get("call-id") == "confirmed"
    cancelled = next_request(cut_off, "CANCEL")
    assert cancelled.get("call-id") == "confirmed"
    assert cancelled.all("reason") == [], "so the node keeps no record"
    reply(serving, request)
    assert response_at_carrier(carrier).get("call-id") == "confirmed"


@pytest.mark.parametrize("first_says", ["100 Trying", "503 Service Unavailable"])
def test_the_last_node_that_is_left_has_more_time_to_answer(sockets: dict[str, socket.socket], first_says: str) -> None:
    carrier, nodes = sockets["carrier"], [sockets["north"], sockets["south"]]
    invite(carrier, "south")
    first, request = first_invited(nodes)
    reply(first, request, first_says)
    last, request = first_invited([node for node in nodes if node is not first])
    reply(last, request, "100 Trying")
    began = time.monotonic()
    assert next_request(last, "CANCEL")
    assert time.monotonic() - began > 3
    assert response_at_carrier(carrier, 503)


def test_a_caller_who_hangs_up_before_the_answer_is_told_from_a_call_that_the_front_gives_to_another_node(
    sockets: dict[str, socket.socket],
) -> None:
    carrier, nodes = sockets["carrier"], [sockets["north"], sockets["south"]]
    invite(carrier, "south")
    node, request = first_invited(nodes)
    reply(node, request, "100 Trying")
    cancel(carrier, "1", f"sip:group-general@{HOSTS.address('south')}")
    assert next_request(node, "CANCEL").all("reason") == ["Q.850;cause=16"]
