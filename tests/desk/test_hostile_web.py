"""Another site's page in a browser, a scanner and a broken peer cannot harm the desk."""

import json
import socket
import ssl
import time

import pytest
from websockets.exceptions import ConnectionClosed

from ivr.platforms.message_signature import signature
from ivr.runtime import secrets
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running_desk import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "http://{}", "https://{}.evil.example"])
def test_another_site_changes_nothing_and_reads_nothing(
    desk: RunningDesk, clients: dict[str, DeskClient], origin: str
) -> None:
    """CSRF, and a WebSocket opened by another site with the person's cookie."""
    origin = origin.format(desk.address)
    agent = clients["agent"]
    for method, path, body in (
        ("POST", "/acts/seat.ready", {}),
        ("POST", "/session", {"user": "agent", "password": "right horse 7"}),
        ("DELETE", "/session", None),
        ("POST", "/people", {"user": "evil", "name": "evil", "roles": ["admin"]}),
    ):
        assert agent.api(method, path, body, Origin=origin).code == "origin", (method, path)
    if origin:
        with agent.live(origin=origin) as page, pytest.raises(ConnectionClosed) as over:
            page.socket.recv(timeout=10)
        assert over.value.rcvd
        assert over.value.rcvd.code == 4403
    assert agent.api("GET", "/session").status == 200


def test_only_a_platform_with_the_key_is_listened_to(desk: RunningDesk) -> None:
    secrets.set_platform_key(desk.home.secrets, "province", "the key", ())
    message = json.dumps({"id": "1", "act": "note", "order": "261123000001", "fields": {"text": "x"}}).encode()
    program, stamp, requests = desk.client(), str(int(time.time())), desk.engine.asked
    good = signature("the key", stamp, message)
    for platform, body, timestamp, signed in (
        ("province", message, stamp, ""),
        ("province", message + b" ", stamp, good),
        ("province", message, str(int(stamp) - 400), signature("the key", str(int(stamp) - 400), message)),
        ("police", message, stamp, good),
        ("..%2fprovince", message, stamp, good),
    ):
        headers = {"X_Hotline_Timestamp": timestamp, "X_Hotline_Signature": signed}
        answer = program.api("POST", f"/platforms/{platform}/messages", body, Origin="", **headers)
        assert answer.status in (401, 404), (platform, answer.body)
    assert not [request for request in requests if request["do"] == "platform-message"]
    headers = {"X_Hotline_Timestamp": stamp, "X_Hotline_Signature": good}
    assert program.api("POST", "/platforms/province/messages", message, Origin="", **headers).status == 200
    assert requests[-1]["message"]["act"] == "note"


@pytest.mark.parametrize(
    "path",
    ["/../outside.txt", "/assets/../../outside.txt", "/assets/..%2f..%2foutside.txt", "/%2e%2e/outside.txt",
     "/assets/%2e%2e/%2e%2e/outside.txt", "//etc/passwd.txt", "/assets/..\\..\\outside.txt", "/.env",
     "/assets/.git/x.y", "/assets/a-1.js%00.txt"],
)  # fmt: skip
def test_no_path_leads_out_of_the_page(desk: RunningDesk, path: str) -> None:
    answer = desk.client().request("GET", path)
    assert b"outside" not in answer.body
    assert answer.status in (400, 404) or b"<title>desk" in answer.body


def test_the_page_is_served_compressed_and_cached_by_etag(desk: RunningDesk) -> None:
    client = desk.client()
    page = client.request("GET", "/")
    assert b"<title>desk" in page.body
    assert page.headers["Cache-Control"] == "no-cache"
    packed = client.request("GET", "/assets/a-1.js", Accept_Encoding="gzip, br")
    assert (packed.body, packed.headers["Content-Encoding"]) == (b"packed", "br")
    assert "immutable" in packed.headers["Cache-Control"]
    assert client.request("GET", "/assets/a-1.js").body.startswith(b"let a")
    assert client.request("GET", "/", If_None_Match=page.headers["ETag"]).status == 304
    assert client.request("GET", "/assets/none.js").status == 404


@pytest.mark.parametrize("path", ["/", "/assets/a-1.js", "/assets/none.js", "/api/v1/session", "/api/v1/none"])
def test_every_answer_has_the_headers_that_protect_the_page(desk: RunningDesk, path: str) -> None:
    answer = desk.client().request("GET", path)
    for name, value in HEADERS.items():
        assert answer.headers[name].startswith(value)
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{" + b'"a":' * 100_000, 413), (b"not json", 400), (b"[1]", 400), (b"[" * 60_000, 400), (b"\xff\xfe", 400)],
)
def test_a_body_that_is_no_request_is_refused(
    desk: RunningDesk, clients: dict[str, DeskClient], body: bytes, status: int
) -> None:
    answer = clients["agent"].api("POST", "/acts/seat.ready", body)
    assert answer.status == status
    assert "Traceback" not in answer.body.decode()


def test_a_form_of_another_site_is_no_request(clients: dict[str, DeskClient]) -> None:
    answer = clients["agent"].api("POST", "/acts/seat.ready", b"a=b", Content_Type="application/x-www-form-urlencoded")
    assert answer.status == 415


@pytest.mark.parametrize("text", ["no json", "[]", '{"type":"x"}', '{"type":"act"}', '{"type":"act","id":1,"act":[]}',
                                  '{"type":"act","id":"a","act":"people.add","args":[]}'])  # fmt: skip
def test_a_malformed_websocket_message_is_answered_and_the_page_stays_connected(
    clients: dict[str, DeskClient], text: str
) -> None:
    with clients["agent"].live() as page:
        page.begin()
        page.socket.send(text)
        page.until(lambda: any(message.get("ok") is False for _at, message in page.messages))
        page.socket.send('{"type":"hello"}')
        page.until(lambda: any(message["type"] == "hello" for _at, message in page.messages))


def test_a_websocket_message_that_is_too_large_ends_the_connection(clients: dict[str, DeskClient]) -> None:
    with clients["agent"].live() as page:
        page.begin()
        page.socket.send("x" * 20_000)
        with pytest.raises(ConnectionClosed) as over:
            while True:
                page.socket.recv(timeout=10)
        assert over.value.rcvd
        assert over.value.rcvd.code == 4413


def test_silent_peers_are_disconnected_and_delay_no_person(desk: RunningDesk) -> None:
    """Idle TCP connections, idle TLS connections, and a request that never ends."""
    host, port = desk.address.split(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = [socket.create_connection((host, int(port))) for _peer in range(150)]
    silent = [context.wrap_socket(socket.create_connection((host, int(port)))) for _peer in range(20)]
    slow = context.wrap_socket(socket.create_connection((host, int(port))))
    slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Le")
    began = time.monotonic()
    assert desk.client().request("GET", "/").status == 200
    assert time.monotonic() - began < 3, "a person was not served meanwhile"
    for peer in (*plain, *silent, slow):
        peer.settimeout(20)
        try:
            while peer.recv(4096):
                pass
        except OSError:
            pass
        peer.close()
    assert time.monotonic() - began < 18, "a silent peer stays connected"


def test_connections_beyond_the_limit_of_an_address_are_closed(desk: RunningDesk) -> None:
    host, port = desk.address.split(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opened = []
    try:
        for _peer in range(320):
            opened.append(context.wrap_socket(socket.create_connection((host, int(port)))))
        opened[-1].settimeout(5)
        assert opened[-1].recv(1) == b""
    except OSError:
        pass  # it was closed during its handshake
    finally:
        for peer in opened:
            peer.close()
    deadline = time.monotonic() + 10
    while True:  # until the desk accepts connections of this address again
        try:
            assert desk.client().request("GET", "/").status == 200
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
