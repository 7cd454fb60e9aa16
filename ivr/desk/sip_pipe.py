"""SIP of the phone in a page (RFC 7118): passed on unchanged between the WebSockets of browser and Asterisk.

The browser needs one address and one certificate only, and Asterisk's WebSocket stays on loopback.
"""

import asyncio
import contextlib

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

SUBPROTOCOL = "sip"

_LARGEST = 65_536  # bytes of a message; an INVITE with all candidates has some 5,000
_TOO_LARGE, _TRY_AGAIN = 4413, 1013  # close codes


async def pipe(browser: WebSocket, port: int) -> None:
    """Accept a browser whose session was checked, and pass SIP on until either WebSocket closes.

    Args:
        browser: not yet accepted.
        port: of Asterisk's http server on loopback.
    """
    await browser.accept(subprotocol=SUBPROTOCOL)
    address = f"ws://127.0.0.1:{port}/ws"
    try:
        async with connect(
            address, subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=_LARGEST, proxy=None, ping_interval=None
        ) as asterisk:
            code = await _until_either_ends(browser, asterisk)
    except (OSError, InvalidHandshake, TimeoutError):
        code = _TRY_AGAIN  # Asterisk restarts, and the page's phone connects again by itself
    with contextlib.suppress(RuntimeError):  # the browser has closed it already
        await browser.close(code)


async def _until_either_ends(browser: WebSocket, asterisk: ClientConnection) -> int:
    """Return the code to close the browser's side with."""
    upwards = asyncio.ensure_future(_from_browser(browser, asterisk))
    downwards = asyncio.ensure_future(_to_browser(browser, asterisk))
    done, running = await asyncio.wait({upwards, downwards}, return_when=asyncio.FIRST_COMPLETED)
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return max(one.result() for one in done)


async def _from_browser(browser: WebSocket, asterisk: ClientConnection) -> int:
    with contextlib.suppress(WebSocketDisconnect, ConnectionClosed):
        while True:
            message = await browser.receive_text()
            if len(message) > _LARGEST:
                return _TOO_LARGE
            await asterisk.send(message)
    return 1000


async def _to_browser(browser: WebSocket, asterisk: ClientConnection) -> int:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # raised by a WebSocket that was closed meanwhile
        async for message in asterisk:
            await browser.send_text(message if isinstance(message, str) else message.decode("utf-8", "replace"))
    return _TRY_AGAIN
