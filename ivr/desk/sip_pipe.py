"""SIP of the phone in a page (RFC 7118): passed on unchanged between the WebSockets of browser and registrar.

The browser needs one address and one certificate only. The registrar is Asterisk, whose WebSocket stays on loopback;
in a cluster the registrar is the front, which takes WebSockets of the nodes.
"""

import asyncio
import contextlib
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

SUBPROTOCOL = "sip"

_LARGEST = 16_384  # bytes of a message, as at the front; an INVITE with all candidates has some 5,000
_TOO_LARGE, _TRY_AGAIN = 4413, 1013  # close codes


@dataclass(frozen=True, slots=True)
class PageRegistrar:
    """The server at which the phones in pages register."""

    url: str
    source: str  # the own address of the connection; the front knows a node by this address
    ping_interval: float | None  # seconds; None for a server that cannot vanish without closing its connections


async def pipe(browser: WebSocket, registrar: PageRegistrar) -> None:
    """Accept a browser whose session was checked, and pass SIP on until either WebSocket closes.

    Args:
        browser: not yet accepted.
        registrar: the server to which SIP is passed on.
    """
    await browser.accept(subprotocol=SUBPROTOCOL)
    try:
        async with connect(
            registrar.url, subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=_LARGEST, proxy=None,
            local_addr=(registrar.source, 0), ping_interval=registrar.ping_interval,
            ping_timeout=registrar.ping_interval,
        ) as server:  # fmt: skip
            code = await _until_either_ends(browser, server)
    except (OSError, InvalidHandshake, TimeoutError):
        code = _TRY_AGAIN  # the server restarts, and the page's phone connects again by itself
    with contextlib.suppress(RuntimeError):  # the browser has closed it already
        await browser.close(code)


async def _until_either_ends(browser: WebSocket, server: ClientConnection) -> int:
    """Return the code to close the browser's side with."""
    upwards = asyncio.ensure_future(_from_browser(browser, server))
    downwards = asyncio.ensure_future(_to_browser(browser, server))
    ended_directions, running_directions = await asyncio.wait({upwards, downwards}, return_when=asyncio.FIRST_COMPLETED)
    for direction in running_directions:
        direction.cancel()
    await asyncio.gather(*running_directions, return_exceptions=True)
    return max(direction.result() for direction in ended_directions)


async def _from_browser(browser: WebSocket, server: ClientConnection) -> int:
    with contextlib.suppress(WebSocketDisconnect, ConnectionClosed):
        while True:
            message = await browser.receive_text()
            if len(message) > _LARGEST:
                return _TOO_LARGE
            await server.send(message)
    return 1000


async def _to_browser(browser: WebSocket, server: ClientConnection) -> int:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # raised by a WebSocket that was closed meanwhile
        async for message in server:
            await browser.send_text(message if isinstance(message, str) else message.decode("utf-8", "replace"))
    return _TRY_AGAIN
