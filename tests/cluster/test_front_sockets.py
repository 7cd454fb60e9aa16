"""Phones in pages register at a real Kamailio over the desk's WebSocket, and a node reaches the phones there."""

import asyncio
import socket
import ssl
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection as AsyncConnection
from websockets.asyncio.client import connect as async_connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from ivr.cluster.front_config import LONGEST_MESSAGE, PhoneKind, phone_access
from testkit.ims import certificate
from testkit.signalling import SignallingMessage, digest_header
from tests.cluster.running_front import HOSTS, PORT, WITHIN, running_front

PAGE, TEST_CALL, SEAT, PASSWORD = "web-8001", "web-citizen", "8001", "correct-horse"
FRONT = HOSTS.address("front")
REGISTRAR = f"sip:{FRONT}"
PHONES = [
    phone_access(SEAT, PASSWORD),
    phone_access(PAGE, PASSWORD, PhoneKind.PAGE),
    phone_access(TEST_CALL, PASSWORD, PhoneKind.TEST_CALL),
]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of the front; phones use TLS as well."""
    return certificate(tmp_path_factory.mktemp("tls"), "front", FRONT)


@pytest.fixture
def node(tmp_path: Path, tls: Path) -> Iterator[socket.socket]:
    """The node north, with a front that runs."""
    with ExitStack() as opened:
        own = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        own.bind((HOSTS.address("north"), PORT))
        own.settimeout(WITHIN)
        opened.enter_context(running_front(tmp_path / "front", PHONES, str(tls)))
        yield own


def desk(host: str = "south") -> ClientConnection:
    """Open a WebSocket as a desk does for a page."""
    protocols = [Subprotocol("sip")]
    return connect(f"ws://{FRONT}:{PORT}", subprotocols=protocols, source_address=(HOSTS.address(host), 0), proxy=None)


def request(method: str, user: str, to: str, *headers: str, sequence: int = 1) -> str:
    """Return a request of a browser, which knows no address of its own (RFC 7118)."""
    uri = f"sip:{to}@{FRONT}" if method != "REGISTER" else REGISTRAR
    lines = (
        f"{method} {uri} SIP/2.0", f"Via: SIP/2.0/WSS browser.invalid;branch=z9hG4bK{uuid.uuid4().hex}",
        "Max-Forwards: 69", f"From: <sip:{user}@hotline>;tag=a", f"To: <sip:{to}@hotline>", f"Call-ID: {user}-{method}",
        f"CSeq: {sequence} {method}", "Contact: <sip:page@browser.invalid;transport=ws>", *headers,
        "Content-Length: 0",
    )  # fmt: skip
    return "\r\n".join((*lines, "", ""))


class SoftphoneConnection:
    """A WebSocket over TLS that one thread reads and writes, because OpenSSL lets no two threads use a connection."""

    def __init__(self, runner: asyncio.Runner, connection: AsyncConnection) -> None:
        self._runner, self._connection = runner, connection

    def send(self, text: str) -> None:
        self._runner.run(self._connection.send(text))

    def recv(self, timeout: float) -> str | bytes:
        return self._runner.run(asyncio.wait_for(self._connection.recv(), timeout))


@contextmanager
def softphone_over_tls(certificate: Path) -> Iterator[SoftphoneConnection]:
    with asyncio.Runner() as runner:

        async def opened() -> AsyncConnection:
            tls = ssl.create_default_context(cafile=certificate)
            return await async_connect(
                f"wss://{FRONT}:{PORT + 1}", subprotocols=[Subprotocol("sip")], ssl=tls, proxy=None
            )

        connection = runner.run(opened())
        yield SoftphoneConnection(runner, connection)
        runner.run(connection.close())


def answer(page: ClientConnection | SoftphoneConnection) -> SignallingMessage:
    """Return the next message that is no provisional response."""
    while True:
        text = page.recv(WITHIN)
        message = SignallingMessage(text if isinstance(text, str) else text.decode())
        if message.code != 100:
            return message


def send_with_password(
    page: ClientConnection | SoftphoneConnection, method: str, user: str, to: str, password: str = PASSWORD
) -> SignallingMessage:
    """Send a request, and send it again with the password; return the second response."""
    page.send(request(method, user, to))
    challenge = answer(page)
    uri = f"sip:{to}@{FRONT}" if method != "REGISTER" else REGISTRAR
    page.send(request(method, user, to, digest_header(challenge, method, uri, user, password), sequence=2))
    return answer(page)


def response_to_node(node: socket.socket, method: str) -> int:
    """Send a request for the page's phone as a node does; return the status code of the first response."""
    host, port = node.getsockname()
    lines = (
        f"{method} sip:{PAGE}@{FRONT} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{uuid.uuid4().hex}",
        "Max-Forwards: 70", f"From: <sip:{SEAT}@{host}>;tag=n", f"To: <sip:{PAGE}@{FRONT}>",
        f"Call-ID: {uuid.uuid4().hex}", f"CSeq: 1 {method}", f"Contact: <sip:node@{host}:{port}>", "Content-Length: 0",
    )  # fmt: skip
    node.sendto("\r\n".join((*lines, "", "")).encode(), (FRONT, PORT))
    return next_from_front(node).code


def next_from_front(node: socket.socket) -> SignallingMessage:
    """Return the next message of the front that is neither its own OPTIONS request nor 100."""
    while True:
        message = SignallingMessage(node.recv(65536).decode())
        if not message.first.startswith("OPTIONS") and message.code != 100:
            return message


def test_a_page_that_registers_over_the_desk_of_one_node_is_rung_by_another_node(node: socket.socket) -> None:
    with desk() as page:
        assert send_with_password(page, "REGISTER", PAGE, PAGE).code == 200
        assert response_to_node(node, "OPTIONS") == 200
        host, port = node.getsockname()
        node_invite = (
            f"INVITE sip:{PAGE}@{FRONT} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKring",
            "Max-Forwards: 70", f"From: <sip:13800000000@{host}>;tag=n", f"To: <sip:{PAGE}@{FRONT}>", "Call-ID: ring",
            "CSeq: 1 INVITE", f"Contact: <sip:node@{host}:{port}>", "Content-Length: 0",
        )  # fmt: skip
        node.sendto("\r\n".join((*node_invite, "", "")).encode(), (FRONT, PORT))
        invite = answer(page)
        assert invite.first.startswith("INVITE sip:page@browser.invalid")
        lines = ["SIP/2.0 200 OK", *(f"Via: {via}" for via in invite.all("via"))]
        lines += [f"Record-Route: {route}" for route in invite.all("record-route")]
        lines += [f"{name}: {invite.get(name)}" for name in ("From", "Call-ID", "CSeq")]
        lines += [f"To: {invite.get('to')};tag=p", "Contact: <sip:page@browser.invalid;transport=ws>"]
        page.send("\r\n".join((*lines, "Content-Length: 0", "", "")))
        answered = next_from_front(node)
        assert answered.code == 200
        target = answered.get("contact").strip("<>")
        bye = [f"BYE {target} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKbye", "Max-Forwards: 70"]
        bye += [f"Route: {route}" for route in answered.all("record-route")[::-1]]
        bye += [f"{name}: {answered.get(name)}" for name in ("From", "To", "Call-ID")]
        node.sendto("\r\n".join((*bye, "CSeq: 2 BYE", "Content-Length: 0", "", "")).encode(), (FRONT, PORT))
        assert answer(page).first.startswith("BYE"), "a request in the dialog finds the page's connection"


def test_a_page_whose_connection_is_closed_is_no_longer_registered(node: socket.socket) -> None:
    with desk() as page:
        assert send_with_password(page, "REGISTER", PAGE, PAGE).code == 200
        assert response_to_node(node, "OPTIONS") == 200
    while response_to_node(node, "OPTIONS") == 200:
        pass
    assert response_to_node(node, "OPTIONS") == 404


def test_the_front_takes_websockets_of_desks_and_over_tls_only(node: socket.socket, tls: Path) -> None:
    with pytest.raises(InvalidStatus) as error, desk("stranger"):
        pass
    assert error.value.response.status_code == 403
    with softphone_over_tls(tls) as softphone:
        assert send_with_password(softphone, "REGISTER", SEAT, SEAT).code == 200
        assert send_with_password(softphone, "REGISTER", SEAT, SEAT, "wrong").code == 401


def test_a_connection_without_sip_is_refused(node: socket.socket) -> None:
    source = (HOSTS.address("south"), 0)
    with pytest.raises(InvalidHandshake), connect(f"ws://{FRONT}:{PORT}", source_address=source, proxy=None):
        pass
    with socket.create_connection((FRONT, PORT), WITHIN, source) as plain:
        plain.sendall(b"GET /etc/passwd HTTP/1.1\r\nHost: front\r\n\r\n")
        assert plain.recv(65536).startswith(b"HTTP/1.1 404 ")


def test_a_message_that_is_too_long_ends_only_its_own_connection(node: socket.socket) -> None:
    with desk() as page, desk() as other_page:
        page.send(request("OPTIONS", PAGE, PAGE, "X-Filler: " + "x" * LONGEST_MESSAGE))
        with pytest.raises(ConnectionClosed):
            answer(page)
        assert send_with_password(other_page, "REGISTER", PAGE, PAGE).code == 200


def test_a_page_cannot_call_and_its_wrong_passwords_do_not_lock_out_other_pages_of_the_desk(
    node: socket.socket,
) -> None:
    with desk() as page, desk() as guessing_page:
        assert send_with_password(page, "REGISTER", PAGE, PAGE).code == 200
        assert send_with_password(page, "INVITE", PAGE, "12345").code == 403, "a call of the page's phone"
        for _ in range(21):
            assert send_with_password(guessing_page, "REGISTER", PAGE, PAGE, "wrong").code == 401
        assert send_with_password(page, "REGISTER", PAGE, PAGE).code == 200


def test_a_test_call_comes_to_a_node(node: socket.socket) -> None:
    with desk() as page:
        page.send(request("INVITE", TEST_CALL, "12345"))
        header = digest_header(answer(page), "INVITE", f"sip:12345@{FRONT}", TEST_CALL, PASSWORD)
        page.send(request("INVITE", TEST_CALL, "12345", header, sequence=2))
        invite = next_from_front(node)
        assert (invite.user, invite.all("x-hotline-seat")) == ("12345", [TEST_CALL])
