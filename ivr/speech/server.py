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
_OPENS = 2.0  # seconds until a connection must have opened, and until it must have said what it wants

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
        """Take what the server needs.

        Args:
            pool: the recognisers.
            vocabularies: finds the phrases by name.
            recordings: finds what prompts sound like, because a phone may send them back.
            is_ready: tells whether meanings are loaded that understand a reading; until then no caller is accepted.
            silent_after: seconds without sound that are taken for silence.
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
        """Seconds of sound that wait for a recogniser, of the caller of whom most waits."""
        return self._pool.behind

    @property
    def free(self) -> int:
        """Callers who could speak now; a menu says keys only if it is 0."""
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
                    ping_interval=None,  # on loopback a peer that is gone is seen to be
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
