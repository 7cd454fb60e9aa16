"""A SIP phone over WebSocket and TLS (RFC 7118), as far as the front needs it; its sound is that of a browser page."""

import asyncio
import re
import socket
import ssl
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from testkit.patience import PATIENCE
from testkit.signalling import SignallingMessage, digest_header

_SELF = "softphone.invalid"  # a browser knows no address of its own

Answer = Callable[[str], Awaitable[str]]


class WssPhone:
    """One phone; leaving the context ends its connection.

    Attributes:
        rung: the incoming calls, in order.
        ended: the Call-IDs of calls that the other side has ended.
    """

    def __init__(self, server: tuple[str, int], certificate: Path, user: str, password: str, answer: Answer) -> None:
        """``certificate`` is the server's; ``answer`` makes an SDP answer to the SDP offer of a call, and picks up."""
        self.rung: list[SignallingMessage] = []
        self.ended: set[str] = set()
        self._server, self._user, self._password, self._answer = server, user, password, answer
        self._tls = ssl.create_default_context(cafile=certificate)
        self._replies: dict[str, asyncio.Future[SignallingMessage]] = {}  # by Call-ID and CSeq
        self._dialogs: dict[str, list[str]] = {}  # Call-ID → the lines of a request in the dialog, but Via and CSeq

    async def connect(self, own: socket.socket) -> None:
        """Connect by a socket that is connected to the server."""
        self._connection: ClientConnection = await connect(
            f"wss://{self._server[0]}:{self._server[1]}",
            sock=own, ssl=self._tls, subprotocols=[Subprotocol("sip")], proxy=None,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()
        await self._reading

    async def register(self) -> None:
        """Register at the server."""
        uri = f"sip:{self._server[0]}"
        answered = await self._request_with_password("REGISTER", uri, self._user, uuid.uuid4().hex)
        assert answered.code == 200, answered.first

    async def call(self, number: str, offer: str) -> tuple[str, str]:
        """Call a number with an SDP offer; return the Call-ID and the SDP of the answer."""
        call_id = uuid.uuid4().hex
        uri = f"sip:{number}@{self._server[0]}"
        answered = await self._request_with_password("INVITE", uri, number, call_id, offer)
        assert answered.code == 200, answered.first
        self._dialogs[call_id] = [
            f"From: {answered.get('from')}", f"To: {answered.get('to')}",
            *(f"Route: {route}" for route in answered.all("record-route")[::-1]),
            _target(answered),
        ]  # fmt: skip
        await self._send_in_dialog(call_id, "ACK", int(answered.get("cseq").split()[0]))
        return call_id, answered.body

    async def hang_up(self, call_id: str) -> None:
        """End a call."""
        await self._send_in_dialog(call_id, "BYE", 10)

    async def _send_in_dialog(self, call_id: str, method: str, sequence: int) -> None:
        *headers, target = self._dialogs[call_id]
        await self._send(f"{method} {target} SIP/2.0", _via(), "Max-Forwards: 70", *headers, f"Call-ID: {call_id}",
                         f"CSeq: {sequence} {method}")  # fmt: skip

    async def _request_with_password(
        self, method: str, uri: str, to: str, call_id: str, body: str = ""
    ) -> SignallingMessage:
        challenge = await self._request(method, uri, to, call_id, 1, body)
        assert challenge.code in (401, 407), challenge.first
        if method == "INVITE":
            await self._send(
                f"ACK {uri} SIP/2.0", self._branch, "Max-Forwards: 70", f"From: {challenge.get('from')}",
                f"To: {challenge.get('to')}", f"Call-ID: {call_id}", "CSeq: 1 ACK",
            )  # fmt: skip
        header = digest_header(challenge, method, uri, self._user, self._password)
        return await self._request(method, uri, to, call_id, 2, body, header)

    async def _request(
        self, method: str, uri: str, to: str, call_id: str, sequence: int, body: str, *headers: str
    ) -> SignallingMessage:
        """Send a request, and return its final response."""
        cseq = f"{sequence} {method}"
        replied = self._replies[call_id + cseq] = asyncio.get_running_loop().create_future()
        self._branch = _via()
        await self._send(
            f"{method} {uri} SIP/2.0", self._branch, "Max-Forwards: 70",
            f"From: <sip:{self._user}@{self._server[0]}>;tag={call_id[:8]}", f"To: <sip:{to}@{self._server[0]}>",
            f"Call-ID: {call_id}", f"CSeq: {cseq}", self._contact, *headers, body=body,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            return await replied

    @property
    def _contact(self) -> str:
        return f"Contact: <sip:{self._user}@{_SELF};transport=ws>"

    async def _send(self, *lines: str, body: str = "") -> None:
        kind = ["Content-Type: application/sdp"] if body else []
        head = "\r\n".join((*lines, *kind, f"Content-Length: {len(body.encode())}"))
        await self._connection.send(f"{head}\r\n\r\n{body}")

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                text = await self._connection.recv()
                message = SignallingMessage(text if isinstance(text, str) else text.decode())
                if message.code >= 200:
                    waiting = self._replies.get(message.get("call-id") + message.get("cseq"))
                    if waiting and not waiting.done():
                        waiting.set_result(message)
                elif message.code == 0:
                    await self._on_request(message)

    async def _on_request(self, message: SignallingMessage) -> None:
        if message.method == "INVITE" and message.get("call-id") not in self._dialogs:
            await self._pick_up(message)
        elif message.method != "ACK":
            await self._reply(message, "200 OK", message.get("to"))
            if message.method == "BYE":
                self.ended.add(message.get("call-id"))

    async def _pick_up(self, invite: SignallingMessage) -> None:
        local = f"{invite.get('to')};tag={uuid.uuid4().hex[:8]}"
        self._dialogs[invite.get("call-id")] = [
            f"From: {local}", f"To: {invite.get('from')}",
            *(f"Route: {route}" for route in invite.all("record-route")),
            _target(invite),
        ]  # fmt: skip
        self.rung.append(invite)
        await self._reply(invite, "180 Ringing", local)
        await self._reply(invite, "200 OK", local, await self._answer(invite.body))

    async def _reply(self, request: SignallingMessage, status: str, local: str, body: str = "") -> None:
        copied = [f"Via: {via}" for via in request.all("via")]
        copied += [f"Record-Route: {route}" for route in request.all("record-route")]
        copied += [f"{name}: {request.get(name)}" for name in ("From", "Call-ID", "CSeq")]
        await self._send(f"SIP/2.0 {status}", *copied, f"To: {local}", self._contact, body=body)


def _via() -> str:
    return f"Via: SIP/2.0/WSS {_SELF};branch=z9hG4bK{uuid.uuid4().hex}"


def _target(message: SignallingMessage) -> str:
    found = re.search(r"<([^>]*)>", message.get("contact"))
    assert found, message.first
    return found[1]
