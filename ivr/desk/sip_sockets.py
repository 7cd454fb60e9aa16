"""The WebSocket of the phones in pages, open only during the session of a signed-in person."""

import asyncio
import contextlib

from starlette.websockets import WebSocket

from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.refusals import DeskRefused
from ivr.desk.sip_pipe import PageRegistrar, pipe
from ivr.desk.visitor import check_origin, visitor_of
from ivr.people.rights import Act
from ivr.runtime import hotline_facts
from ivr.runtime.hotline_facts import HotlineFacts

ADDRESS = "/sip"
SIGNED_OUT, FORBIDDEN, TOO_MANY = 4401, 4403, 4429  # close codes

_CHECK_EVERY = 10.0  # seconds between two checks of the session
_MOST = 500  # of one process
_PING = 2.0  # seconds
_MOST_OF_A_SESSION = 8  # a page has up to two: its phone, and a test call


class SipSockets:
    """Counts the WebSockets of each session."""

    def __init__(self) -> None:
        """Begin without a WebSocket."""
        self._open: dict[str, int] = {}

    async def serve(self, websocket: WebSocket) -> None:
        """Pass SIP on between a browser and the registrar until a WebSocket closes or the session ends."""
        services = services_of(websocket)
        try:
            check_origin(websocket)
            visitor = await visitor_of(websocket, services)
            visitor.must(Act.PHONE_ACCOUNT)
        except DeskRefused as refused:
            await _refuse(websocket, SIGNED_OUT if refused.status == 401 else FORBIDDEN)
            return
        session = visitor.session.session if visitor.session else visitor.user
        count = self._open.get(session, 0)
        if count >= _MOST_OF_A_SESSION or sum(self._open.values()) >= _MOST:
            await _refuse(websocket, TOO_MANY)
            return
        self._open[session] = count + 1
        try:
            await _pipe_while_signed_in(websocket, services)
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]


async def _pipe_while_signed_in(websocket: WebSocket, services: DeskServices) -> None:
    registrar = _registrar(hotline_facts.read(services.home.hotline))
    piping = asyncio.ensure_future(pipe(websocket, registrar))
    checking = asyncio.ensure_future(_until_signed_out(websocket, services))
    await asyncio.wait({piping, checking}, return_when=asyncio.FIRST_COMPLETED)
    signed_out = checking.done()
    for task in (piping, checking):
        task.cancel()
    await asyncio.gather(piping, checking, return_exceptions=True)
    if signed_out:
        with contextlib.suppress(RuntimeError):  # the browser has closed it already
            await websocket.close(SIGNED_OUT)


def _registrar(facts: HotlineFacts) -> PageRegistrar:
    """Return Asterisk on loopback, or the front of a cluster, whose address may move to another machine."""
    if not facts.front:
        return PageRegistrar(f"ws://127.0.0.1:{facts.sip_web_port}/ws", "127.0.0.1", None)
    return PageRegistrar(f"ws://{facts.front}", facts.node_address.partition(":")[0], _PING)


async def _until_signed_out(websocket: WebSocket, services: DeskServices) -> None:
    while True:
        await asyncio.sleep(_CHECK_EVERY)
        try:
            await visitor_of(websocket, services)
        except DeskRefused as refused:
            if refused.status == 401:  # otherwise the database cannot be used, which does not end the session
                return


async def _refuse(websocket: WebSocket, code: int) -> None:
    await websocket.accept()  # because the page cannot read the close code of a refused handshake
    await websocket.close(code)
