"""The engine's HTTP port, on loopback and read-only: ``/healthz`` for a watchdog, ``/metrics`` for Prometheus."""

import json
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app
from prometheus_client.registry import Collector

log = logging.getLogger(__name__)

_AT_ONCE = 16  # requests; further requests are closed, because idle peers must not take up all threads

Health = Callable[[], dict[str, Any]]


class _Handler(WSGIRequestHandler):
    timeout = 3.0  # seconds in which a peer has to send its request

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)


class _Server(ThreadingWSGIServer):
    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - the library's
        super().__init__(*args, **more)
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's
        log.debug("a peer closed the connection", exc_info=True)


class Web:
    """Serves ``collector`` and ``health`` while its context is open."""

    def __init__(self, port: int, collector: Collector, health: Health) -> None:
        """``health`` returns the state; its "ok" decides between 200 and 503."""
        self._port, self._health = port, health
        registry = CollectorRegistry(auto_describe=False)
        registry.register(collector)
        self._metrics: WSGIApplication = make_wsgi_app(registry)

    def __enter__(self) -> Self:
        """Start to listen.

        Raises:
            OSError: the port is in use.
        """
        self._server = make_server("127.0.0.1", self._port, self._answer, _Server, _Handler)
        threading.Thread(target=self._server.serve_forever, name="web", daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
            case "GET", "/metrics":
                return self._metrics(environ, start)
            case "GET", "/healthz":
                state = self._health()
                start("200 OK" if state["ok"] else "503 Service Unavailable", [("Content-Type", "application/json")])
                return [json.dumps(state).encode() + b"\n"]
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/healthz or /metrics\n"]
