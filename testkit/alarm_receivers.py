"""Receivers of alarms: a mail server with TLS and sign-in, and chat robots as WeCom and DingTalk run them."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ivr.alarms.alarm_delivery import dingtalk_sign

USER, PASSWORD = "hotline", "right horse 7"


@dataclass
class Mailbox:
    """The mails that a mail server accepted."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: str = ""  # SMTP reply to each mail; "" accepts the mail

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Accept a mail, or reply with `refuses`."""
        if self.refuses:
            return self.refuses
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def mail_server(certificate: tuple[Path, Path], *, starttls: bool) -> Iterator[Mailbox]:
    """Run a mail server with sign-in on loopback; with STARTTLS, or with TLS from the first byte."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]  # because aiosmtpd takes no port 0
    mailbox = Mailbox(port)
    controller = Controller(
        mailbox, "127.0.0.1", port, ssl_context=None if starttls else context,
        tls_context=context if starttls else None, require_starttls=starttls, auth_required=True,
        auth_require_tls=starttls, authenticator=_signs_in,
    )  # fmt: skip
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def _signs_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, credentials: Any) -> AuthResult:
    right = isinstance(credentials, LoginPassword) and (credentials.login, credentials.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@dataclass
class Robot:
    """An HTTP server that answers as the robots of WeCom and DingTalk do."""

    key: str
    signing: str = ""  # DingTalk's signing key
    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)  # bodies of the accepted messages
    headers: list[dict[str, str]] = field(default_factory=list)
    delay: float = 0.0  # seconds before each answer
    broken: int = 0  # HTTP status of each answer while the robot is out of order; 0 while the robot works

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        """Accept a message if its key and signature are right; return HTTP status and body."""
        time.sleep(self.delay)
        if self.broken:
            return self.broken, {}
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if path.startswith("/cgi-bin/webhook/send") and query.get("key") != self.key:
            return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
        if path.startswith("/robot/send"):
            if query.get("access_token") != self.key:
                return 200, {"errcode": 300005, "errmsg": "token is not exist"}
            signed = dingtalk_sign(self.signing, int(query.get("timestamp", "0")))
            if self.signing and query.get("sign") != signed["sign"]:
                return 200, {"errcode": 310000, "errmsg": "sign not match"}
        self.taken.append(json.loads(body))
        self.headers.append(headers)
        return 200, {"errcode": 0, "errmsg": "ok"}


@contextmanager
def robot_server(robot: Robot, path: str) -> Iterator[Robot]:
    """Run a robot on loopback; its URL ends with ``path``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = robot.answer(self.path, dict(self.headers), body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    robot.url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()
