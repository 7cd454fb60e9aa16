"""As much SIP (RFC 3261) as a caller needs: requests and answers as text. Pure."""

import itertools
import re
from dataclasses import dataclass, field

from trials.bench.speech.telephone.codecs import Codec

_TOKENS = itertools.count(1)
_NAMES = {Codec.ALAW: "PCMA", Codec.ULAW: "PCMU"}
EVENTS = 101
"""Payload type of keys (RFC 4733)."""


@dataclass(frozen=True, slots=True)
class SipMessage:
    """A request or a response as it came."""

    first: str
    headers: dict[str, str]  # by name in lower case; several headers of one name are joined
    body: str

    @property
    def method(self) -> str:
        """A request's method; of a response the method of its request."""
        return self.headers.get("cseq", " ").split()[-1]

    @property
    def code(self) -> int:
        """A response's code; 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0


def message(data: bytes) -> SipMessage:
    """Read a message."""
    head, _blank, body = data.decode(errors="replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _colon, value = line.partition(":")
        key = name.strip().lower()
        headers[key] = f"{headers[key]}\r\n{name}: {value.strip()}" if key in headers else value.strip()
    return SipMessage(first, headers, body)


@dataclass(slots=True)
class Dialog:
    """One call from the caller's side."""

    caller: str
    number: str  # that is dialled
    hotline: str  # HOST:PORT
    local: str  # HOST:PORT of the caller's SIP
    rtp_port: int
    codec: Codec
    id: str = field(default_factory=lambda: f"bench-{next(_TOKENS)}")
    to: str = ""
    target: str = ""

    def __post_init__(self) -> None:
        self.target = f"sip:{self.number}@{self.hotline}"
        self.to = f"<{self.target}>"

    def invite(self) -> bytes:
        """Return the call's first request."""
        host = self.local.partition(":")[0]
        offer = (
            f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {self.rtp_port} RTP/AVP {int(self.codec)} {EVENTS}\r\n"
            f"a=rtpmap:{int(self.codec)} {_NAMES[self.codec]}/8000\r\na=rtpmap:{EVENTS} telephone-event/8000\r\n"
            "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
        )
        return self._request("INVITE", 1, offer)

    def ack(self) -> bytes:
        """Return the ACK of a 200 response."""
        return self._request("ACK", 1)

    def bye(self) -> bytes:
        """Return the BYE."""
        return self._request("BYE", 2)

    def answered(self, response: SipMessage) -> tuple[str, int]:
        """Handle a 200 response to the INVITE; return the host and the port for the sound."""
        self.to = response.headers["to"]
        if contact := re.search(r"<([^>]+)>", response.headers.get("contact", "")):
            self.target = contact[1]
        host = re.search(r"^c=IN IP4 (\S+)", response.body, re.MULTILINE)
        port = re.search(r"^m=audio (\d+)", response.body, re.MULTILINE)
        if not (host and port):
            raise ValueError(f"no audio in the answer to {self.id}: {response.body}")
        return host[1], int(port[1])

    def _request(self, method: str, sequence: int, body: str = "") -> bytes:
        headers = [
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.local};branch=z9hG4bK{self.id}-{method}-{sequence};rport",
            "Max-Forwards: 70",
            f"From: <sip:{self.caller}@{self.local}>;tag={self.id}",
            f"To: {self.to}",
            f"Call-ID: {self.id}",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:{self.caller}@{self.local}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return ("\r\n".join(headers) + "\r\n\r\n" + body).encode()


def response(request: SipMessage, code: int, reason: str) -> bytes:
    """Answer a request of the hotline."""
    copied = [
        f"{name}: {request.headers[name.lower()]}"
        for name in ("Via", "From", "To", "Call-ID", "CSeq")
        if name.lower() in request.headers
    ]
    return "\r\n".join([f"SIP/2.0 {code} {reason}", *copied, "Content-Length: 0", "", ""]).encode()
