"""A call for the outbox, and a program that receives notifications."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ivr.call_events.values import Reason, SeatKind
from ivr.call_events.vocabulary import FallbackTaken, KeyPressed, OfferStarted, RouteChosen
from ivr.platforms.message_signature import signature
from ivr.records.derive.call_record import CallRecord
from ivr.records.store import outbox
from ivr.records.store.database import Database
from ivr.runtime.ports import free_ports
from tests.records.written_call import BEGAN, CALLER, WrittenCall

KEY = "the key"


NAMES = {"12333": "人社"}


AGENT = "PJSIP/8001-00000001"


def expert_away(*, over: bool = True, call_id: str = "1.0") -> CallRecord:
    """Return a call to 12333 whose expert is absent; an agent answers after 8 s and talks for 30 s."""
    story = WrittenCall(dialled="12333").notes(RouteChosen("12333", "13900001111", "12333", "dual", ("12333",), False))
    story.notes(FallbackTaken(Reason.EXPERT_AWAY)).notes(KeyPressed("main", "1", "反映问题"))
    story.notes(OfferStarted(SeatKind.GENERAL, "general")).wait(5).rings(AGENT).wait(3)
    if over:
        story.picks_up(AGENT).wait(30).hangs_up(AGENT, by=CALLER).hangs_up(CALLER).ends()
    return moved(replace(story.record(), call_id=call_id), datetime.now(UTC) - BEGAN)


def moved(record: CallRecord, by: timedelta) -> CallRecord:
    """Return the same call at another time."""
    legs = tuple(replace(leg, **_moved(leg, by)) for leg in record.legs)
    return replace(record, legs=legs, **_moved(record, by))


def _moved(value: object, by: timedelta) -> dict[str, Any]:
    return {
        name: at + by if (at := getattr(value, name)) else None for name in ("started_at", "answered_at", "ended_at")
    }


def put(database: Database, *records: CallRecord) -> None:
    with database.begin() as connection:
        outbox.put(connection, records, NAMES)


@dataclass
class Receiver:
    """The web server of a desktop program; ``answers`` has the HTTP status for the n-th notification."""

    answers: Callable[[int], int] = lambda _count: 204
    heard: list[dict[str, Any]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # ids that were answered with 2xx, in order
    key: str = KEY
    port: int = field(default_factory=lambda: free_ports("127.0.0.1", 1)[0])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/calls"

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                expected = signature(receiver.key, self.headers["X-Hotline-Timestamp"], body)
                assert self.headers["X-Hotline-Signature"] == expected
                receiver.heard.append(json.loads(body))
                status = receiver.answers(len(receiver.heard))
                if 200 <= status < 300:
                    receiver.taken.append(json.loads(body)["id"])
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
