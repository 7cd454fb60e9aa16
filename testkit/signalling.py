"""Phones with SIP signalling and without sound: hundreds of calls in one process for little processor time.

The phones use SIP over UDP, as far as Asterisk needs it: INVITE, ACK, CANCEL, BYE, INFO with a key, REGISTER. A call
may send sound, a packet of G.711 noise every 20 ms.
"""

import asyncio
import hashlib
import random
import re
import socket
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from testkit.patience import PATIENCE

_SDP = (
    "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
)
_RESEND = (0.5, 1.0, 2.0, 4.0, 4.0, 4.0)  # seconds between two tries of a request, RFC 3261's timer A
_SILENCE = b"\xd5" * 160  # 20 ms of A-law
_FRAME = 0.02  # seconds
_BETWEEN_KEYS = 0.15  # seconds


class SignallingMessage:
    """A SIP message as it was received."""

    def __init__(self, text: str) -> None:
        head, _, self.body = text.partition("\r\n\r\n")
        self.first, *lines = head.split("\r\n")
        self.headers = [
            (key.strip().lower(), value.strip()) for key, _, value in (line.partition(":") for line in lines)
        ]

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name.lower()), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    @property
    def method(self) -> str:
        return self.get("cseq").split()[-1]

    @property
    def code(self) -> int:
        """The status code of a response; 0 of a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def user(self) -> str:
        """The user part of a request's Request-URI."""
        return re.sub(r"^sips?:|@.*", "", self.first.split()[1])

    @property
    def caller(self) -> str:
        match = re.search(r"<sips?:([^@>]*)@", self.get("from"))
        return match[1] if match else ""


@dataclass
class SignallingCall:
    """One call of one phone."""

    port: "Port"
    call_id: str
    local: str  # our From or To header field, with its tag
    remote: str
    target: str  # the Request-URI of requests in the dialog
    invite: SignallingMessage | None = None  # of an incoming call
    sequence: int = 1
    answered: bool = False
    ended: bool = False
    code: int = 0
    answer_delay: float = 0.0  # seconds from the INVITE to the answer
    by_us: bool = False  # whether our side hung up
    branch: str = ""
    password: str = field(default="", repr=False)  # for a challenge; "" once it was sent
    rtp: tuple[str, int] | None = None
    speaking: asyncio.Task[None] | None = None
    notified: list[int] = field(default_factory=list)  # status codes in the NOTIFYs of a REFER
    routes: list[str] = field(default_factory=list)  # of requests in the dialog
    answers: dict[str, int] = field(default_factory=dict)  # status code of the last response, by method
    events: int = 0  # sequence number of the next packet of a key
    versions: int = 0  # SDP offers after the first
    late: bool = False  # late offer: the 200 has the offer, and the ACK the answer
    acknowledged_at: float = 0.0  # time of the ACK of our answer; 0.0 before
    asked_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())  # time of the INVITE
    on_answer: Callable[[], None] = lambda: None

    def answer(self, codecs: str = "8 101") -> None:
        """Pick up an incoming call with the payload types `codecs`."""
        assert self.invite
        self.answered = True
        self.rtp = sound_address(self.invite.body) or self.rtp
        sdp = _SDP.format(host=self.port.host, port=self.port.rtp_port).replace("8 101", codecs, 1)
        self.port.reply_until_acknowledged(self.invite, 200, "OK", self.local, sdp)

    def hang_up(self) -> None:
        if not self.ended:
            self.by_us = self.ended = True
            self.stop()
            self.port.stop_answering(self)
            if self.answered:
                self.request("BYE")
            elif self.invite:
                self.port.reply(self.invite, 486, "Busy Here", self.local)
            else:
                leg_fields = (self.target, self.local, self.remote, self.call_id, 1, self.branch)
                self.port.send(self.port.request("CANCEL", *leg_fields))

    def keys(self, keys: str) -> None:
        for key in keys:
            self.request("INFO", f"Signal={key}\r\nDuration=100\r\n", "application/dtmf-relay")

    async def press(self, keys: str) -> None:
        """Press keys at the speed of a person."""
        for key in keys:
            self.keys(key)
            await asyncio.sleep(_BETWEEN_KEYS)

    def press_as_event(self, key: str) -> None:
        """Press a key for 100 ms, by RFC 4733."""
        assert self.rtp, "the call has no sound yet"
        event, stamp = "0123456789*#".index(key), random.randrange(2**31)
        for packet in range(8):  # five during the press, and three times the end
            ends = packet >= 5
            length = 160 * min(packet + 1, 6)
            begin = bytes((0x80, 101 | (0x80 if packet == 0 else 0)))
            payload = bytes((event, 0x8A if ends else 0x0A)) + length.to_bytes(2, "big")
            header = (self.events + packet).to_bytes(2, "big") + stamp.to_bytes(4, "big") + b"noise"[:4]
            self.port.sound.sendto(begin + header + payload, self.rtp)
        self.events += 8

    def offer(self, *, direction: str = "sendrecv", address: str = "") -> None:
        """Change the session by a re-INVITE: hold (RFC 3264: sendonly, inactive; RFC 2543: 0.0.0.0), or resume."""
        sdp = _SDP.format(host=self.port.host, port=self.port.rtp_port).replace("a=sendrecv", f"a={direction}")
        if address:
            sdp = sdp.replace(f"c=IN IP4 {self.port.host}", f"c=IN IP4 {address}")
        self.versions += 1
        sdp = sdp.replace("o=- 1 1", f"o=- 1 {1 + self.versions}")
        self.request("INVITE", sdp, "application/sdp")

    def request(self, method: str, body: str = "", kind: str = "", headers: Sequence[str] = ()) -> None:
        self.sequence += 1
        text = self.port.request(
            method, self.target, self.local, self.remote, self.call_id, self.sequence, body=body, kind=kind
        )
        for header in (*(f"Route: {route}" for route in self.routes), *headers):
            text = text.replace("Max-Forwards:", f"{header}\r\nMax-Forwards:", 1)
        self.port.send_until_answered(text)

    def speak(self, *, silently: bool = False) -> None:
        """Send noise, or packets of silence, to the other party until the call ends."""
        self.speaking = asyncio.create_task(self._speak(silently))

    def stop(self) -> None:
        if self.speaking:
            self.speaking.cancel()

    async def _speak(self, silently: bool) -> None:
        number, loop = 0, asyncio.get_running_loop()
        begun_at = loop.time()
        while not self.ended and self.rtp:
            header = bytes((0x80, 8)) + (number & 0xFFFF).to_bytes(2, "big") + (number * 160).to_bytes(4, "big")
            self.port.sound.sendto(header + b"noise"[:4] + (_SILENCE if silently else random.randbytes(160)), self.rtp)
            number += 1
            await asyncio.sleep(max(0.0, begun_at + number * _FRAME - loop.time()))

    def received(self) -> list[bytes]:
        """Return the sound of the packets that have come for this call since the last look at any call of the port."""
        payloads = []
        while True:
            try:
                packet, source = self.port.sound.recvfrom(2048)
            except BlockingIOError:
                return payloads
            if source == self.rtp:
                payloads.append(packet[12:])  # behind the header of RTP (RFC 3550)


class Port(asyncio.DatagramProtocol):
    """A UDP port with any number of phones behind it.

    Attributes:
        server: the hotline's HOST, PORT.
        on_invite: called with each incoming call, after the 180.
        on_answer: called with each outgoing call that was answered.
        refuses: by the end of the number dialled, the status code with which a call is refused at once; 0: no response.
        invites: every INVITE that began a call, in order.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.dead = False
        self.refuses: dict[str, int] = {}
        self.invites: list[SignallingMessage] = []
        self.server = ("", 0)
        self.sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # see `SignallingCall.received`
        self.sound.setblocking(False)
        self.on_invite: Callable[[SignallingCall], None] = SignallingCall.hang_up
        self.on_answer: Callable[[SignallingCall], None] = lambda _leg: None
        self.legs: dict[str, SignallingCall] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._unacknowledged: dict[str, asyncio.Task[None]] = {}  # answers to calls, by Call-ID
        self._registering: dict[str, tuple[str, str, asyncio.Future[None]]] = {}

    async def open(self, number: int = 0) -> "Port":
        """Open the port `number`, or a free port."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, (self.host, number))
        self.sound.bind((self.host, 0))
        self.number: int = self._transport.get_extra_info("sockname")[1]
        self.rtp_port: int = self.sound.getsockname()[1]
        return self

    def at(self, server: str) -> None:
        """Set the HOST:PORT for calls and registrations."""
        host, _, number = server.partition(":")
        self.server = (host, int(number))

    def close(self) -> None:
        for task in (*self._waiting.values(), *self._unacknowledged.values()):
            task.cancel()
        for leg in self.legs.values():
            leg.stop()
        self._transport.close()
        self.sound.close()

    def call(
        self,
        number: str,
        caller: str,
        *headers: str,
        name: str = "",
        to: str = "",
        offer: str = "",
        late: bool = False,
        password: str = "",
    ) -> SignallingCall:
        """Let ``caller`` dial ``number``.

        Args:
            number: the digits dialled.
            caller: the user of From.
            headers: further header fields of the INVITE.
            name: the display name in From, with its quotes.
            to: another value of To.
            offer: another SDP offer, from its m= line on.
            late: late offer: no SDP in the INVITE, so that the server makes the offer.
            password: of the caller's account, for a challenge of the server.
        """
        call_id, tag = uuid.uuid4().hex, uuid.uuid4().hex[:8]
        target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        leg = SignallingCall(
            self, call_id, f"{name}<sip:{caller}@{self.host}:{self.number}>;tag={tag}", to or f"<{target}>", target
        )
        leg.branch = "z9hG4bK" + uuid.uuid4().hex
        leg.password, leg.late = password, late
        self.legs[call_id] = leg
        sdp = _SDP.format(host=self.host, port=self.rtp_port)
        sdp = sdp.partition("m=audio")[0] + offer if offer else sdp
        body = ("", "") if late else (sdp, "application/sdp")
        invite = self.request("INVITE", target, leg.local, leg.remote, call_id, 1, leg.branch, *body)
        for header in headers:
            invite = invite.replace("Max-Forwards:", f"{header}\r\nMax-Forwards:", 1)
        self.send_until_answered(invite)
        return leg

    async def register(self, seat: str, password: str) -> None:
        """Register a seat's phone for an hour."""
        registered = asyncio.get_running_loop().create_future()
        call_id = uuid.uuid4().hex
        self._registering[call_id] = (seat, password, registered)
        self._register(call_id, seat, 1, "")
        async with asyncio.timeout(PATIENCE):
            await registered

    def _register(self, call_id: str, seat: str, sequence: int, further_headers: str) -> None:
        host = f"{self.server[0]}:{self.server[1]}"
        address = f"<sip:{seat}@{host}>"
        text = self.request("REGISTER", f"sip:{host}", f"{address};tag=r", address, call_id, sequence)
        contact = f"Contact: <sip:{seat}@{self.host}:{self.number}>\r\nExpires: 3600\r\n{further_headers}"
        self.send_until_answered(re.sub(r"Contact: [^\r]*\r\n", contact, text))

    def request(
        self,
        method: str,
        target: str,
        local: str,
        remote: str,
        call_id: str,
        sequence: int,
        branch: str = "",
        body: str = "",
        kind: str = "",
    ) -> str:
        local_user = re.search(r"sip:([^@>]*)@", local)
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{self.number};rport;branch={branch or 'z9hG4bK' + uuid.uuid4().hex}",
            "Max-Forwards: 70",
            f"From: {local}",
            f"To: {remote}",
            f"Call-ID: {call_id}",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:{local_user[1] if local_user else 'x'}@{self.host}:{self.number}>",
            *([f"Content-Type: {kind}"] if kind else []),
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def die(self) -> None:
        """Lose the network: no message comes in or goes out, and no BYE is sent."""
        self.dead = True
        for leg in self.legs.values():
            leg.stop()

    def send(self, text: str) -> None:
        if self.dead:
            return
        self._transport.sendto(text.encode(), self.server)

    def send_until_answered(self, text: str) -> None:
        message = SignallingMessage(text)
        self._waiting[message.get("call-id") + message.get("cseq")] = asyncio.create_task(self._send_again(text))

    async def _send_again(self, text: str) -> None:
        for pause in _RESEND:
            self.send(text)
            await asyncio.sleep(pause)
        message = SignallingMessage(text)
        if leg := self.legs.get(message.get("call-id")):
            self._end(leg, 408)

    def reply(
        self, request: SignallingMessage, code: int, reason: str, local: str = "", body: str = "", *headers: str
    ) -> None:
        self.send(self._response(request, code, reason, local, body, *headers))

    def reply_until_acknowledged(
        self, invite: SignallingMessage, code: int, reason: str, local: str, body: str
    ) -> None:
        """Answer a call, and send the answer again until its ACK has come (RFC 3261, 13.3.1.4)."""
        text = self._response(invite, code, reason, local, body)
        self.send(text)
        self._unacknowledged[invite.get("call-id")] = asyncio.create_task(self._answer_again(text))

    async def _answer_again(self, text: str) -> None:
        for pause in _RESEND:
            await asyncio.sleep(pause)
            self.send(text)

    def stop_answering(self, leg: SignallingCall) -> None:
        """Send the answer to a call no more."""
        if answering := self._unacknowledged.pop(leg.call_id, None):
            answering.cancel()

    def _response(
        self, request: SignallingMessage, code: int, reason: str, local: str, body: str, *headers: str
    ) -> str:
        lines = [f"SIP/2.0 {code} {reason}", *(f"Via: {via}" for via in request.all("via"))]
        lines += [f"Record-Route: {route}" for route in request.all("record-route")]
        lines += [f"From: {request.get('from')}", f"To: {local or request.get('to')}"]
        lines += [f"Call-ID: {request.get('call-id')}", f"CSeq: {request.get('cseq')}"]
        contact = (
            [] if any(header.startswith("Contact:") for header in headers) else [f"<sip:x@{self.host}:{self.number}>"]
        )
        lines += [
            *(f"Contact: {contact_address}" for contact_address in contact),
            *(["Content-Type: application/sdp"] if body else []),
        ]
        lines += headers
        return "\r\n".join([*lines, f"Content-Length: {len(body)}"]) + "\r\n\r\n" + body

    def datagram_received(self, datagram: bytes, _address: object) -> None:
        message = SignallingMessage(datagram.decode(errors="replace"))
        if not message.get("cseq") or self.dead:
            return
        leg = self.legs.get(message.get("call-id"))
        if message.code:
            self._on_reply(message, leg)
        elif message.first.startswith("INVITE") and leg is None:
            self._begin_call(message)
        elif message.first.startswith("INVITE") and leg:
            if leg.answered:  # a retransmission or a re-INVITE
                self.reply(message, 200, "OK", leg.local, _SDP.format(host=self.host, port=self.rtp_port))
        elif message.first.startswith("CANCEL") and leg and leg.invite:
            self.reply(message, 200, "OK", leg.local)
            self.reply(leg.invite, 487, "Request Terminated", leg.local)
            self._end(leg, 487)
        elif message.first.startswith("BYE"):
            self.reply(message, 200 if leg else 481, "OK" if leg else "No Such Call")
            if leg:
                self._end(leg, 200)
        elif message.first.startswith("ACK"):
            if leg and leg.invite:
                leg.acknowledged_at = leg.acknowledged_at or asyncio.get_running_loop().time()
                self.stop_answering(leg)
        else:
            registers = message.first.startswith("REGISTER")
            self.reply(message, 403 if registers else 200, "No Registrar" if registers else "OK")
            if leg and (became := re.match(r"SIP/2\.0 (\d+)", message.body)):
                leg.notified.append(int(became[1]))

    def _begin_call(self, message: SignallingMessage) -> None:
        """Ring for an INVITE that begins a call, or refuse it."""
        tag = f"{message.get('to')};tag={uuid.uuid4().hex[:8]}"
        contact = re.search(r"<([^>]*)>", message.get("contact"))
        leg = SignallingCall(
            self, message.get("call-id"), tag, message.get("from"), contact[1] if contact else "", message
        )
        leg.routes = message.all("record-route")
        self.legs[leg.call_id] = leg
        self.invites.append(message)
        code = next((code for number, code in self.refuses.items() if message.user.endswith(number)), None)
        if code is None:
            self.reply(message, 180, "Ringing", leg.local)
            self.on_invite(leg)
        elif code:
            self._end(leg, code)
            self.reply(message, code, "Refused", leg.local)

    def _on_reply(self, message: SignallingMessage, leg: SignallingCall | None) -> None:
        waiting = self._waiting.pop(message.get("call-id") + message.get("cseq"), None)
        if waiting:
            waiting.cancel()
        if message.method == "REGISTER":
            self._on_registration(message)
        if leg is not None:
            leg.answers[message.method] = message.code
        if message.method != "INVITE" or leg is None:
            return
        if leg.answered and 200 <= message.code < 300 and message.get("to") != leg.remote:
            self._end_second_dialog(message, leg)
            return
        if message.code < 200 and message.get("rseq"):
            self._acknowledge_provisional(message, leg)
        if message.code >= 200:
            self._acknowledge(message, leg)
        if message.code in (401, 407) and leg.password:
            self._call_with_password(message, leg)
        elif 200 <= message.code < 300 and not leg.answered:
            leg.answered = True
            leg.answer_delay = asyncio.get_running_loop().time() - leg.asked_at
            leg.rtp = sound_address(message.body) or leg.rtp
            self.on_answer(leg)
            if leg.ended:
                leg.request("BYE")
            leg.on_answer()
        elif message.code >= 300 and not leg.answered:
            self._end(leg, message.code)

    def _acknowledge(self, message: SignallingMessage, leg: SignallingCall) -> None:
        leg.remote = message.get("to")
        if message.code < 300 and (contact := re.search(r"<([^>]*)>", message.get("contact"))):
            leg.target = contact[1]
            leg.routes = message.all("record-route")[::-1]
        branch = "" if message.code < 300 else leg.branch
        sequence = int(message.get("cseq").split()[0])  # 1, or that of a re-INVITE
        answer = _SDP.format(host=self.host, port=self.rtp_port) if leg.late and message.code < 300 else ""
        body = (answer, "application/sdp" if answer else "")
        ack = self.request("ACK", leg.target, leg.local, leg.remote, leg.call_id, sequence, branch, *body)
        for route in leg.routes if message.code < 300 else ():
            ack = ack.replace("Max-Forwards:", f"Route: {route}\r\nMax-Forwards:", 1)
        self.send(ack)

    def _acknowledge_provisional(self, message: SignallingMessage, leg: SignallingCall) -> None:
        """Send a PRACK (RFC 3262)."""
        contact = re.search(r"<([^>]*)>", message.get("contact"))
        target, leg.sequence = contact[1] if contact else leg.target, leg.sequence + 1
        prack = self.request("PRACK", target, leg.local, message.get("to"), leg.call_id, leg.sequence)
        acknowledged = f"RAck: {message.get('rseq')} {message.get('cseq')}"
        self.send_until_answered(prack.replace("Max-Forwards:", f"{acknowledged}\r\nMax-Forwards:", 1))

    def _call_with_password(self, challenge: SignallingMessage, leg: SignallingCall) -> None:
        caller, leg.sequence, leg.branch = challenge.caller, 2, "z9hG4bK" + uuid.uuid4().hex
        leg.remote = leg.remote.partition(";tag=")[0]
        header = digest_header(challenge, "INVITE", leg.target, caller, leg.password)
        leg.password = ""
        sdp = _SDP.format(host=self.host, port=self.rtp_port)
        leg_fields = (leg.target, leg.local, leg.remote, leg.call_id, leg.sequence, leg.branch)
        invite = self.request("INVITE", *leg_fields, sdp, "application/sdp")
        self.send_until_answered(invite.replace("Max-Forwards:", f"{header}\r\nMax-Forwards:", 1))

    def _end_second_dialog(self, message: SignallingMessage, leg: SignallingCall) -> None:
        """Acknowledge and end the dialog of another server that answered the same INVITE (RFC 3261, 13.2.2.4)."""
        contact = re.search(r"<([^>]*)>", message.get("contact"))
        target, routes = contact[1] if contact else leg.target, message.all("record-route")[::-1]
        for sequence, method in ((1, "ACK"), (leg.sequence + 1, "BYE")):
            text = self.request(method, target, leg.local, message.get("to"), leg.call_id, sequence)
            for route in routes:
                text = text.replace("Max-Forwards:", f"Route: {route}\r\nMax-Forwards:", 1)
            self.send(text)

    def _on_registration(self, message: SignallingMessage) -> None:
        seat, password, registered = self._registering[message.get("call-id")]
        if message.code == 401:
            uri = f"sip:{self.server[0]}:{self.server[1]}"
            header = digest_header(message, "REGISTER", uri, seat, password) + "\r\n"
            self._register(message.get("call-id"), seat, 2, header)
        elif message.code >= 200 and not registered.done():
            if message.code < 300:
                registered.set_result(None)
            else:
                registered.set_exception(AssertionError(f"{seat} was not registered: {message.first}"))

    def _end(self, leg: SignallingCall, code: int) -> None:
        if not leg.ended:
            leg.ended, leg.code = True, code
            leg.stop()
            self.stop_answering(leg)


def sound_address(sdp: str) -> tuple[str, int] | None:
    """Return host and port of the audio in an SDP; None if the SDP has no audio."""
    host, port = re.search(r"c=IN IP4 (\S+)", sdp), re.search(r"m=audio (\d+)", sdp)
    return (host[1], int(port[1])) if host and port else None


def digest_header(asked: SignallingMessage, method: str, uri: str, user: str, password: str) -> str:
    """Return the header field that answers a challenge, 401 or 407 (RFC 7616, MD5)."""
    kind = "Proxy-Authorization" if asked.code == 407 else "Authorization"
    challenge = asked.get("proxy-authenticate" if asked.code == 407 else "www-authenticate")
    asks = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
    first = _md5(f"{user}:{asks['realm']}:{password}")
    response = _md5(f"{first}:{asks['nonce']}:00000001:c0ffee:auth:{_md5(f'{method}:{uri}')}")
    return (
        f'{kind}: Digest username="{user}", realm="{asks["realm"]}", nonce="{asks["nonce"]}", '
        f'uri="{uri}", response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c0ffee"'
        + (f', opaque="{asks["opaque"]}"' if "opaque" in asks else "")
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
