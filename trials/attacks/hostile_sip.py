"""Hostile SIP: random requests of a seed, and the socket that sends them."""

import random
import socket
import time
from collections.abc import Iterable, Iterator

_METHODS = (
    *("INVITE", "REGISTER", "OPTIONS", "SUBSCRIBE", "REFER", "MESSAGE"),
    *("BYE", "CANCEL", "ACK", "NOTIFY", "X" * 200, "invite"),
)
_WORDS = (
    *("12345", "8001", "*81", "*2", "s", "h", "i", "00861390000000", "1" * 4000, "x" * 9000, "郴州", "\u202e54321"),
    *("${SHELL(id)}", "${EXTEN}&PJSIP/8001", "a,b|c", "'; DROP TABLE calls; --", "`id`", "../../etc/passwd"),
    *("%0d%0aBYE", "\x00\x01\x02", "sip:", "<>", '"', "\\", ";tag="),
)
_HEADERS = (
    *("Via", "From", "To", "Call-ID", "CSeq", "Contact", "Max-Forwards", "Content-Length", "Content-Type"),
    *("Route", "Record-Route", "Diversion", "P-Asserted-Identity", "Authorization", "Refer-To", "Replaces"),
    *("X-Hotline-Call", "X-Hotline-Needs-Expert", "Event", "Expires", "X-" + "y" * 500),
)
_SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"


def requests(seed: int, server: str, source: str) -> Iterator[bytes]:
    """Yield hostile datagrams without end: whole requests with hostile values, mangled requests, and noise.

    Args:
        seed: the same seed gives the same datagrams.
        server: HOST:PORT of the hotline.
        source: HOST:PORT of the sender, for Via and Contact.
    """
    chance = random.Random(seed)
    while True:
        text = _request(chance, server, source)
        match chance.randrange(10):
            case 0:
                yield chance.randbytes(chance.randrange(1, 1400))
            case 1:
                yield text[: chance.randrange(len(text))]
            case 2:
                cut = chance.randrange(len(text))
                yield text[:cut] + chance.randbytes(chance.randrange(1, 40)) + text[cut:]
            case 3:
                yield text.replace(b"\r\n", chance.choice((b"\n", b"\r", b"\r\n\r\n", b"\r\n ")))
            case _:
                yield text


def _request(chance: random.Random, server: str, source: str) -> bytes:
    def word() -> str:
        return chance.choice(_WORDS)

    method = chance.choice(_METHODS)
    body = _SDP if chance.random() < 0.5 else word()
    lines = [
        f"{method} sip:{word()}@{server} SIP/2.0",
        f"Via: SIP/2.0/UDP {source};branch=z9hG4bK{chance.randrange(10**9)}",
        f"From: {word()} <sip:{word()}@{source}>;tag={chance.randrange(10**9)}",
        f"To: <sip:{word()}@{server}>",
        f"Call-ID: {chance.randrange(10**12)}@{source}",
        f"CSeq: {chance.choice(('1', '-1', '99999999999', word()))} {method}",
        f"Contact: <sip:{word()}@{source}>",
        "Max-Forwards: 70",
    ]
    for _ in range(chance.randrange(6)):
        lines.insert(chance.randrange(1, len(lines)), f"{chance.choice(_HEADERS)}: {word()}")
    length = chance.choice((str(len(body.encode("utf-8", "replace"))), "-1", "99999999", word()))
    lines += ["Content-Type: application/sdp", f"Content-Length: {length}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("utf-8", "replace")[:60_000]


def invites(server: str, source: str, numbers: Iterable[str]) -> Iterator[bytes]:
    """Yield a correct INVITE to each number, each of another call."""
    for count, number in enumerate(numbers):
        lines = (
            f"INVITE sip:{number}@{server} SIP/2.0",
            f"Via: SIP/2.0/UDP {source};branch=z9hG4bKflood{count}",
            f"From: <sip:13900{count:06}@{source}>;tag={count}",
            f"To: <sip:{number}@{server}>",
            f"Call-ID: flood{count}@{source}",
            "CSeq: 1 INVITE",
            f"Contact: <sip:x@{source}>",
            "Max-Forwards: 70",
            "Content-Type: application/sdp",
            f"Content-Length: {len(_SDP)}",
        )
        yield ("\r\n".join(lines) + "\r\n\r\n" + _SDP).encode()


class Stranger:
    """A host on loopback that is neither carrier nor seat, and sends at a constant rate."""

    def __init__(self, host: str, server: str) -> None:
        """Bind a free UDP port of ``host``."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.setblocking(False)
        self.address = f"{host}:{self._socket.getsockname()[1]}"
        name, _colon, port = server.rpartition(":")
        self._server = (name, int(port))
        self.answers: dict[str, int] = {}  # answers by status code; "" for a datagram that is no answer
        self.sent = 0

    def send(self, datagrams: Iterable[bytes], a_second: int) -> Iterator[None]:
        """Send datagrams, ``a_second`` of them a second; each step of the iterator sends the datagrams that are due."""
        began = time.monotonic()
        base = self.sent
        for datagram in datagrams:
            while self.sent - base >= (time.monotonic() - began) * a_second:
                self._read()
                yield
            self._socket.sendto(datagram, self._server)
            self.sent += 1
        self._read()

    def close(self) -> None:
        """Close the port."""
        self._socket.close()

    def _read(self) -> None:
        while True:
            try:
                answer = self._socket.recv(65_535)
            except BlockingIOError:
                return
            words = answer[:20].decode("ascii", "replace").split(" ")
            code = words[1] if words[0] == "SIP/2.0" and len(words) > 1 else ""
            self.answers[code] = self.answers.get(code, 0) + 1
