"""The websocket that Asterisk opens for each caller who may speak. Loopback only."""

import asyncio
import ipaddress
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Self

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from ivr.speech.pool import Pool, RecognizerSlot
from ivr.speech.process import SpeechListener
from ivr.speech.recognizer import Timelines
from ivr.speech.session import SILENT_AFTER, Recordings, Session, Vocabularies
from ivr.texts import _

_PROTOCOL = Subprotocol("speech_to_text")
_LARGEST = 64 * 1024  # bytes of one message; Asterisk's are 320 and some hundred
_LONGEST = 600.0  # seconds of one session: a caller is in menus for a minute or two
_OPENS = 2.0  # seconds within which a connection must open, and within which its first request must come

log = logging.getLogger(__name__)
logging.getLogger("websockets").setLevel(logging.CRITICAL)  # a peer that speaks no websocket is no news


def _nothing(_prompts: Sequence[str]) -> Timelines:
    return ()


class SpeechServer:
    """Listens to callers for Asterisk's ``SPEECH CREATE``."""

    def __init__(
        self,
        pool: Pool,
        vocabularies: Vocabularies,
        recordings: Recordings = _nothing,
        *,
        is_ready: Callable[[], bool] = lambda: True,
        silent_after: float = SILENT_AFTER,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        """Keep the arguments; entering the context starts the server.

        Args:
            pool: the recognisers.
            vocabularies: finds a vocabulary by its name.
            recordings: finds the recordings of prompts, because a phone may send their echo.
            is_ready: tells whether the meanings are loaded; until then no caller is accepted.
            silent_after: seconds without sound that count as silence.
            port: 0 picks a free one.
            host: a loopback address.
        """
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(_("the speech server must listen on a loopback address, not {host}").format(host=host))
        self.host, self.port = host, port
        self._pool, self._vocabularies, self._recordings = pool, vocabularies, recordings
        self._is_ready, self._silent_after = is_ready, silent_after
        self._resources = AsyncExitStack()

    @property
    def runs(self) -> bool:
        """Whether any recogniser runs, and reads in time."""
        return self._pool.runs

    @property
    def reading_time(self) -> tuple[str, float] | None:
        """The recogniser's name, and the seconds that a reading takes; None while models load."""
        return self._pool.reading_time

    @property
    def behind(self) -> float:
        """Seconds of unprocessed sound of the caller with the longest backlog."""
        return self._pool.behind

    @property
    def free(self) -> int:
        """Callers who could speak now; if it is 0, a menu offers keys only."""
        return self._pool.free if self._is_ready() else 0

    async def __aenter__(self) -> Self:
        """Start to listen.

        Raises:
            OSError: the port is in use.
        """
        await self._resources.enter_async_context(self._pool)
        try:
            server = await self._resources.enter_async_context(
                serve(
                    self._serve,
                    self.host,
                    self.port,
                    subprotocols=[_PROTOCOL],
                    compression=None,
                    max_size=_LARGEST,
                    open_timeout=_OPENS,
                    close_timeout=_OPENS,
                    ping_interval=None,  # on loopback the kernel reports a peer that is gone
                )
            )
        except OSError:
            await self._resources.aclose()
            raise
        self.port = next(iter(server.sockets)).getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close all connections; Asterisk ends the recognitions in progress."""
        await self._resources.aclose()

    def _take(self, hearer: SpeechListener) -> RecognizerSlot | None:
        return self._pool.take(hearer) if self._is_ready() else None

    async def _serve(self, connection: ServerConnection) -> None:
        outbox: asyncio.Queue[str] = asyncio.Queue()
        session = Session(self._take, self._vocabularies, self._recordings, outbox.put_nowait, self._silent_after)
        writing = asyncio.create_task(_write(connection, outbox))
        try:
            async with asyncio.timeout(_OPENS):
                goes_on = session.on_text(await connection.recv())
            async with asyncio.timeout(_LONGEST):
                while goes_on:
                    message = await connection.recv()
                    if isinstance(message, bytes):
                        session.on_sound(message)
                    else:
                        goes_on = session.on_text(message)
            await outbox.join()
        except (ConnectionClosed, TimeoutError):
            pass  # the call has gone on, or it was no call
        finally:
            session.close()
            writing.cancel()


async def _write(connection: ServerConnection, outbox: asyncio.Queue[str]) -> None:
    while True:
        text = await outbox.get()
        try:
            await connection.send(text)
        except ConnectionClosed:
            return
        finally:
            outbox.task_done()
