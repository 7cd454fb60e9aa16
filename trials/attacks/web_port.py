"""The desk's web port: guessed passwords, planted cookies, other sites' requests, hostile texts, paths and bodies,
slow and huge requests, silent sockets, a WebSocket flood.
"""

import random
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed

from testkit.hotline.desk_client import DeskClient

GUESSES = 120  # passwords; each try costs 64 MiB of memory for a moment
REQUESTS = 2_000
IDLE = 2_000
FLOOD = 5_000  # messages
PLANTED = 100  # cookies
TEXTS = 500  # requests
SLOW = 200  # requests whose body comes byte by byte
HUGE = 20  # requests
USER = "victim"
PASSWORD = "right horse 7"
_SOCKETS_PER_ADDRESS = 200  # sockets; the sockets come from addresses 127.0.1.1 and following
_PATHS = ("/../numbers.yaml", "/assets/..%2f..%2fnumbers.yaml", "/%2e%2e/var/secrets.json", "//etc/passwd", "/.env")
_HTML = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "';alert(1)//", "javascript:alert(1)")
_ECHOES = (
    "/citizen/state?order={}", "/citizen?topic={}", "/public/knowledge?q={}", "/api/v1/reach?q={}",
    "/api/v1/calls?q={}", "/api/v1/calls/{}", "/api/v1/orders/{}", "/api/v1/knowledge/search?q={}", "/{}", "/assets/{}",
)  # fmt: skip # addresses that may give a text back
_DRIP = 0.5  # seconds between two bytes
_SLOWEST = 30.0  # seconds until each slow request has to be over
_ORIGINS = ("https://evil.example", "null", "")


def guess(server: str, answers: list[str]) -> Iterator[None]:
    """Guess the password of a person."""
    client = DeskClient(server)
    for number in range(GUESSES):
        answer = client.api("POST", "/session", {"user": USER, "password": f"guess {number}", "code": ""})
        answers.append(answer.code or "in")
        yield


def fixate(server: str, answers: list[str]) -> Iterator[None]:
    """Plant cookies before a person signs in (session fixation), and use cookies of sessions that are over."""
    for number in range(PLANTED):
        planted = f"{number:08}" * 5
        victim, attacker = DeskClient(server), DeskClient(server)
        victim.cookie = attacker.cookie = planted
        signed_in = victim.sign_in(USER, PASSWORD).status == 200 and victim.cookie != planted
        answers.append("signed in" if signed_in else "LEAK")
        ended_session = victim.cookie
        victim.api("DELETE", "/session")
        for cookie in (planted, ended_session, f"{planted}; __Host-desk={ended_session}"):
            attacker.cookie = cookie
            answers.append("refused" if attacker.api("GET", "/session").code == "signed-out" else "LEAK")
        yield


def hostile_texts(server: str, cookie: str, seed: int, answers: list[str]) -> Iterator[None]:
    """Send HTML in each field that an answer repeats; no answer may be a page in which a browser runs it."""
    chance = random.Random(seed)
    client = DeskClient(server)
    client.cookie = cookie
    for number in range(TEXTS):
        text = chance.choice(_HTML)
        if number % 5 == 0:
            answer = client.act("note.save", call_id=text, text=text, version=0)
        else:
            answer = client.request("GET", chance.choice(_ECHOES).format(quote(text, safe="")))
        is_page = answer.headers.get_content_type() == "text/html"
        sniffed = answer.headers["X-Content-Type-Options"] != "nosniff"
        leaks = sniffed or (
            is_page and ("<script>alert" in answer.body.decode() or "<img src=x" in answer.body.decode())
        )
        answers.append("LEAK" if leaks else "5xx" if answer.status >= 500 else "harmless")
        yield


def slow_and_huge(server: str, answers: list[str]) -> Iterator[None]:
    """Open requests whose bodies come byte by byte, send bodies of 64 MB, and ask for the page meanwhile."""
    host, port = server.split(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    head = f"POST /api/v1/session HTTP/1.1\r\nHost: {server}\r\nOrigin: https://{server}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
    open_requests: list[ssl.SSLSocket] = []
    for _ in range(SLOW):
        peer = context.wrap_socket(socket.create_connection((host, int(port)), 5))
        peer.sendall(head.encode())
        open_requests.append(peer)
        yield
    until, next_byte = time.monotonic() + _SLOWEST, 0.0
    while open_requests and time.monotonic() < until:
        if time.monotonic() >= next_byte:
            next_byte = time.monotonic() + _DRIP
            open_requests = [peer for peer in open_requests if _is_still_read(peer)]
            answers.append(_page(server))
        yield
    answers.append("slow requests closed" if not open_requests else "LEAK")
    client = DeskClient(server)
    for _ in range(HUGE):
        with suppress(OSError):  # the desk closes a connection that sends too much
            client.api("POST", "/session", bytes(64 << 20))
        answers.append(_page(server))
        yield


def _is_still_read(peer: ssl.SSLSocket) -> bool:
    """Send a byte; return whether the desk still waits for more."""
    try:
        peer.sendall(b" ")
        peer.setblocking(False)
        try:
            peer.recv(1)
            return False
        except (ssl.SSLWantReadError, BlockingIOError):
            peer.settimeout(5)
            return True
    except OSError:
        return False


def requests(server: str, cookie: str, seed: int, answers: list[str]) -> Iterator[None]:
    """Send requests of another site with the person's cookie, paths outside the page, and malformed bodies."""
    chance = random.Random(seed)
    client = DeskClient(server)
    client.cookie = cookie
    for _ in range(REQUESTS):
        match chance.randrange(3):
            case 0:
                headers = {"Origin": chance.choice(_ORIGINS)}
                answer = client.api("POST", "/people", {"user": "evil", "name": "evil", "roles": ["admin"]}, **headers)
            case 1:
                answer = client.request("GET", chance.choice(_PATHS))
            case _:
                answer = client.api("POST", "/acts/seat.ready", chance.randbytes(chance.randrange(200)))
        leaks = answer.status < 400 and b"<title>" not in answer.body
        answers.append("LEAK" if leaks else "5xx" if answer.status >= 500 else "refused")
        yield


def idle(server: str, answers: list[str]) -> Iterator[None]:
    """Open sockets of many addresses, half of them with TLS, that stay silent; ask for the page meanwhile."""
    host, port = server.split(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connections: list[socket.socket] = []
    try:
        for number in range(IDLE):
            with suppress(OSError):
                source = (f"127.0.1.{1 + number // _SOCKETS_PER_ADDRESS}", 0)
                peer = socket.create_connection((host, int(port)), 2, source)
                connections.append(context.wrap_socket(peer) if number % 20 == 0 else peer)
            if number % 100 == 0:
                answers.append(_page(server))
            yield
        answers.append(_page(server))
    finally:
        for peer in connections:
            peer.close()


def flood(server: str, cookie: str, answers: list[str]) -> Iterator[None]:
    """Send acts and nonsense over one WebSocket as fast as it takes them; ask for the page meanwhile."""
    client = DeskClient(server)
    client.cookie = cookie
    with client.live() as page:
        page.begin()
        for number in range(FLOOD):
            try:
                page.socket.send('{"type":"act","id":"a","act":"seat.ready"}' if number % 2 else "nonsense")
            except ConnectionClosed:
                answers.append("closed")
                break
            if number % 500 == 0:
                answers.append(_page(server))
            yield
    answers.append(_page(server))


def _page(server: str) -> str:
    try:
        return "page" if DeskClient(server).request("GET", "/").status == 200 else "no page"
    except OSError:
        return "no page"
