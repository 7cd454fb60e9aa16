"""A platform as strict as the platforms of provinces: it refuses messages without a signature or out of order.

A duplicate is refused with 409, so that the sender knows that the message was accepted before.
"""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ivr.platforms.message_signature import is_signed
from testkit.patience import PATIENCE


@dataclass
class StrictPlatform:
    """The messages that a platform accepted and refused; a test lets it fail by `broken` and `delay`."""

    key: str
    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)  # each accepted message, in order
    refused: list[str] = field(default_factory=list)  # the reason of each refusal
    broken: int = 0  # HTTP status of each answer while the platform is out of order; 0 while it works
    delay: float = 0.0  # seconds before each answer
    changed: threading.Condition = field(default_factory=threading.Condition)
    _versions: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _ids: set[str] = field(default_factory=set)

    def wait_for(self, count: int, seconds: float = PATIENCE) -> list[dict[str, Any]]:
        """Wait until ``count`` messages were accepted, and return all accepted messages.

        Raises:
            TimeoutError: fewer messages were accepted within ``seconds``.
        """
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.taken) >= count, seconds):
                raise TimeoutError(f"{len(self.taken)} of {count} messages; refused: {self.refused}")
            return list(self.taken)

    def versions(self, key: str) -> list[int]:
        """Return the versions of an object in the order in which they were accepted."""
        return [message["version"] for message in self.taken if message["key"] == key]

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Judge a message and return the HTTP status."""
        time.sleep(self.delay)
        with self.changed:
            status, reason = self._judge(headers, body)
            if reason:
                self.refused.append(reason)
            self.changed.notify_all()
            return status

    def _judge(self, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        if self.broken:
            return self.broken, ""
        stamp, signed = headers.get("x-hotline-timestamp", ""), headers.get("x-hotline-signature", "")
        if not is_signed(self.key, stamp, body, signed, time.time()):
            return 401, "not signed"
        name, version = headers["x-hotline-message"], int(headers["x-hotline-version"])
        if name in self._ids:
            return 409, f"{name} is known"
        kind, key = headers["x-hotline-object"], headers["x-hotline-key"]
        if version <= self._versions[kind, key]:
            return 422, f"{name} comes after version {self._versions[kind, key]}"
        self._ids.add(name)
        self._versions[kind, key] = version
        is_json = headers.get("content-type") == "application/json"
        content = json.loads(body) if is_json else body.decode()
        self.taken.append({"id": name, "key": key, "object": kind, "version": version, "body": content})
        return 200, ""


@contextmanager
def strict_platform(key: str, port: int = 0) -> Iterator[StrictPlatform]:
    """Run a platform on loopback until the block ends."""
    platform = StrictPlatform(key)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            self.send_response(platform.take({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Write no log."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_port}/messages"
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
