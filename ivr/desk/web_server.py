"""The web server of the desk: TLS, with deadlines and limits for peers that stay silent or never finish."""

import asyncio
import resource
from collections import Counter
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from ivr.desk.live_socket import LONGEST_MESSAGE

if TYPE_CHECKING:
    import h11

_HANDSHAKE = 10.0  # seconds in which a peer has to finish the handshake of TLS
_REQUEST = 10.0  # seconds in which a peer has to send a request's head
_KEEP_ALIVE = 15  # seconds between two requests
_PING = 2.0  # seconds between two pings of a page
_PONG = 3.0  # seconds in which the page has to answer a ping
_SHUTDOWN = 1.0  # seconds that TLS waits for a peer's close, because a peer may be dead; asyncio waits 30
_LONGEST_HEAD = 16 * 1024
_MOST_OF_ADDRESS = 300  # connections, because a whole office of seats may have one address
_MOST = 3000  # connections
_FILES = 8192  # open files, if the system lets the process have so many

_connections: Counter[str] = Counter()


class _Loop(asyncio.SelectorEventLoop):
    """Drops a peer that does not finish its TLS handshake or close, for which uvicorn has no deadline."""

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:  # noqa: ANN401 - the library's
        if options.get("ssl"):
            options["ssl_handshake_timeout"] = _HANDSHAKE
            options["ssl_shutdown_timeout"] = _SHUTDOWN
        return await super().create_server(*args, **options)


class _Protocol(H11Protocol):
    """Closes a connection without a first request, and connections beyond the limits."""

    _address = ""
    _head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        _connections[self._address] += 1
        if _connections[self._address] > _MOST_OF_ADDRESS or _connections.total() > _MOST:
            transport.abort()
            return
        self._head_due = self.loop.call_later(_REQUEST, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._count_off()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: "h11.Request") -> None:
        """Hand the connection over to the protocol of WebSockets, because the application counts WebSockets."""
        self._count_off()
        super().handle_websocket_upgrade(event)

    def handle_events(self) -> None:
        super().handle_events()
        if self.cycle is not None:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._stop_waiting()
        self._head_due = self.loop.call_later(_KEEP_ALIVE + _REQUEST, self._give_up)

    def _count_off(self) -> None:
        self._stop_waiting()
        if self._address:
            _connections[self._address] -= 1
            if not _connections[self._address]:
                del _connections[self._address]
            self._address = ""

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()

    def _stop_waiting(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None


def serve(server: uvicorn.Server) -> None:
    """Serve until SIGTERM, or until the server is told to exit.

    Raises:
        OSError: the address or the certificate cannot be used.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    file_limit = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, file_limit), hard))
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(server.serve())


def web_server(app: ASGIApp, host: str, port: int, certificate: tuple[str, str]) -> uvicorn.Server:
    """Return a server for the application, to be given to `serve`."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_Protocol,
        ws="websockets-sansio",
        ws_max_size=2 * LONGEST_MESSAGE,  # the application tells a page that sends too much
        ws_ping_interval=_PING,
        ws_ping_timeout=_PONG,
        ws_per_message_deflate=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        ssl_certfile=certificate[0],
        ssl_keyfile=certificate[1],
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
    )
    return uvicorn.Server(config)
