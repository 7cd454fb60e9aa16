"""The desk's web port: guessed passwords, other sites' requests, paths, bodies, silent sockets, a WebSocket flood."""

import random
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress

from websockets.exceptions import ConnectionClosed

from testkit.hotline.desk_client import DeskClient

GUESSES = 120  # passwords; each that is tried costs 64 MiB of memory for a moment
REQUESTS = 2_000
IDLE = 2_000
FLOOD = 5_000  # messages
USER = "victim"
PASSWORD = "right horse 7"
_OF_AN_ADDRESS = 200  # sockets; the sockets come from addresses 127.0.1.1 and following
_PATHS = ("/../numbers.yaml", "/assets/..%2f..%2fnumbers.yaml", "/%2e%2e/var/secrets.json", "//etc/passwd", "/.env")
_ORIGINS = ("https://evil.example", "null", "")


def guess(server: str, answers: list[str]) -> Iterator[None]:
    """Guess the password of a person."""
    client = DeskClient(server)
    for number in range(GUESSES):
        answer = client.api("POST", "/session", {"user": USER, "password": f"guess {number}", "code": ""})
        answers.append(answer.code or "in")
        yield


def requests(server: str, cookie: str, seed: int, answers: list[str]) -> Iterator[None]:
    """Send requests of another site with the person's cookie, paths out of the page, and bodies that are no request."""
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
    held: list[socket.socket] = []
    try:
        for number in range(IDLE):
            with suppress(OSError):
                source = (f"127.0.1.{1 + number // _OF_AN_ADDRESS}", 0)
                peer = socket.create_connection((host, int(port)), 2, source)
                held.append(context.wrap_socket(peer) if number % 20 == 0 else peer)
            if number % 100 == 0:
                answers.append(_page(server))
            yield
        answers.append(_page(server))
    finally:
        for peer in held:
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
