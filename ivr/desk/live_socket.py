"""The WebSocket of a page: the state, its numbered changes, and the acts with their answers."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from ivr.desk.desk_services import DeskServices, services_of
from ivr.desk.http_guard import json_object
from ivr.desk.live_state import StateChange, Viewer, change_seen
from ivr.desk.presence import PageConnection
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor, check_origin, visitor_of
from ivr.people.rights import Act
from ivr.texts import _, speak

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 16 * 1024
SIGNED_OUT, FORBIDDEN, BEHIND, TOO_LARGE, TOO_MANY = 4401, 4403, 4408, 4413, 4429
_CHECK_EVERY = 10.0  # seconds between two checks of the session
_ACTS_AT_ONCE = 8
_MOST_PAGES = 500  # of one process
_LONGEST_ID = 40


async def live_socket(websocket: WebSocket) -> None:
    """Serve a page until it disconnects, its session ends, or it reads too slowly."""
    services = services_of(websocket)
    try:
        if "authorization" not in websocket.headers:
            check_origin(websocket)
        visitor = await visitor_of(websocket, services)
        visitor.must(Act.READ_STATE)
    except DeskRefused as refused:
        await websocket.accept()  # because the page cannot read the close code of a refused handshake
        await websocket.close(SIGNED_OUT if refused.status == 401 else FORBIDDEN, refused.code)
        return
    await websocket.accept()
    if services.presence.count() >= _MOST_PAGES:
        await websocket.close(TOO_MANY, "too-many")
        return
    await _Page(websocket, services, visitor).serve()


class _Page:
    """A connection of a page."""

    def __init__(self, websocket: WebSocket, services: DeskServices, visitor: Visitor) -> None:
        self._socket, self._services, self._visitor = websocket, services, visitor
        session = visitor.session.session if visitor.session else visitor.user
        query = websocket.query_params
        self._connection = PageConnection(
            visitor.user, session, visitor.seat, query.get("page", "")[:_LONGEST_ID], query.get("phone") == "1"
        )
        self._changes = services.state.subscribe()
        self._send_turn = asyncio.Lock()
        self._acts: set[asyncio.Task[None]] = set()
        self._close = (1000, "")

    async def serve(self) -> None:
        """Serve until one of the parts ends."""
        services = self._services
        await services.presence.page_connected(self._connection)
        tasks = [
            asyncio.create_task(work())
            for work in (self._send_changes, self._send_notices, self._receive, self._check_session)
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*tasks, *self._acts):
                task.cancel()
            task_results = await asyncio.gather(*tasks, *self._acts, return_exceptions=True)
            services.state.unsubscribe(self._changes)
            await services.presence.page_disconnected(self._connection)
        for task_result in task_results:
            expected = (WebSocketDisconnect, asyncio.CancelledError)
            if isinstance(task_result, BaseException) and not isinstance(task_result, expected):
                log.error("desk: a page's connection failed", exc_info=task_result)
        if self._socket.client_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(*self._close)

    @property
    def _viewer(self) -> Viewer:
        visitor = self._visitor
        return Viewer(visitor.seat, visitor.may(Act.READ_ALL_OF_STATE), visitor.may(Act.READ_CALLBACKS))

    @property
    def _visitor_at_this_page(self) -> Visitor:
        return replace(self._visitor, page=self._connection)

    async def _send_changes(self) -> None:
        query, state = self._socket.query_params, self._services.state
        self._services.feed.look_slowly_now()
        await self._services.feed.refresh()
        last_number = query.get("last", "")
        number = int(last_number) if last_number.isascii() and last_number.isdecimal() and len(last_number) < 16 else -1
        missed_changes = state.since(query.get("stream", ""), number)
        if missed_changes is None:
            number = await self._send_snapshot()
        else:
            for change in missed_changes:
                await self._send(change_seen(change, self._viewer))
                number = change.number
        while True:
            new_change = await self._next_change()
            if new_change is None:
                self._close = (BEHIND, "behind")
                return
            if new_change.number <= number:
                continue
            if self._connection.seat != self._visitor.seat:  # at another seat the whole view changes
                self._visitor = await visitor_of(self._socket, self._services)
                number = await self._send_snapshot()
                continue
            number = new_change.number
            await self._send(change_seen(new_change, self._viewer))

    async def _next_change(self) -> StateChange | None:
        if self._changes.empty() and not self._services.state.is_subscribed(self._changes):
            return None
        return await self._changes.get()

    async def _send_snapshot(self) -> int:
        state = self._services.state
        number = state.number
        visible_state = {**state.snapshot(self._viewer), "me": {"seat": self._visitor.seat}}
        await self._send(
            {"type": "snapshot", "stream": state.stream, "number": number, "at": state.at, "state": visible_state}
        )
        return number

    async def _send_notices(self) -> None:
        while True:
            await self._send({"type": "notice", **await self._connection.notices.get()})

    async def _check_session(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CHECK_EVERY):
                    await self._connection.ended.wait()
            try:
                present_visitor = await visitor_of(self._socket, self._services)
            except DeskRefused as refused:
                if refused.status == 401:
                    self._close = (SIGNED_OUT, "signed-out")
                    return
                continue  # the database cannot be used, which does not end the session
            self._connection.ended.clear()
            if present_visitor.seat == self._visitor.seat:
                self._visitor = present_visitor

    async def _receive(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None or len(text) > LONGEST_MESSAGE:
                self._close = (TOO_LARGE, "too-large")
                return
            await self._take_message(text)

    async def _take_message(self, text: str) -> None:
        try:
            message = json_object(text)
        except DeskRefused as refused:
            await self._send({"type": "answer", "id": None, "ok": False, "error": refused.to_json()})
            return
        match message.get("type"):
            case "hello":
                at = self._services.now().isoformat(timespec="milliseconds")
                await self._send({"type": "hello", "at": at})
            case "act":
                while len(self._acts) >= _ACTS_AT_ONCE:
                    await asyncio.wait(self._acts, return_when=asyncio.FIRST_COMPLETED)
                task = asyncio.create_task(self._do_act(message))
                self._acts.add(task)
                task.add_done_callback(self._acts.discard)
            case _:
                error = DeskRefused(400, "invalid", _("a message is of type act or hello")).to_json()
                await self._send({"type": "answer", "id": None, "ok": False, "error": error})

    async def _do_act(self, message: dict[str, Any]) -> None:
        speak([self._visitor.language])
        name = message.get("id")
        answer: dict[str, Any] = {"type": "answer", "id": name if isinstance(name, str) else None}
        act, args = message.get("act"), message.get("args", {})
        try:
            if not isinstance(name, str) or len(name) > _LONGEST_ID or not isinstance(args, dict):
                raise DeskRefused(400, "invalid", _("an act has an id, a name, and arguments"))
            answer |= {"ok": True, "result": await self._services.door.do(self._visitor_at_this_page, str(act), args)}
        except DeskRefused as refused:
            answer |= {"ok": False, "error": refused.to_json()}
        except Exception:
            log.exception("desk: act %s failed", ascii(act))
            error = DeskRefused(500, "failed", _("the request failed; the reason is in log/desk.log"))
            answer |= {"ok": False, "error": error.to_json()}
        await self._send(answer)
        await self._services.feed.refresh()

    async def _send(self, message: dict[str, Any]) -> None:
        async with self._send_turn:
            await self._socket.send_json(message)
