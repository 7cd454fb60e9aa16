"""Requests of this node to other nodes of its cluster, and the requests that this node carries out for them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from ivr.cluster import node_requests
from ivr.cluster.node_requests import NodeRequest
from ivr.control.control_client import RequestRefused
from ivr.engine.background_task import BackgroundTask
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.notices import Notices
from ivr.texts import _, client_languages, speak

log = logging.getLogger(__name__)

_LOOK = 0.15  # seconds between two looks for an answer
_READ_INTERVAL = 1.0  # seconds between two reads of the requests, because a notice may be lost
_PAUSE = 1.0  # seconds, after the database could not be used

RequestHandler = Callable[..., Awaitable[Any]]


class NodeControl(BackgroundTask):
    """Answers the requests of other nodes while its context is open; `ask` sends a request to a node."""

    def __init__(
        self, database: Database, node: str, migrated: asyncio.Event, handlers: Mapping[str, RequestHandler]
    ) -> None:
        """``handlers``: the requests that this node does for others, by name."""
        self._database, self._node, self._migrated, self._handlers = database, node, migrated, handlers
        self._doing: set[asyncio.Task[None]] = set()

    async def ask(self, node: str, action: str, seconds: float, **arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Return another node's answer.

        Raises:
            RequestRefused: The node refused, or did not answer in time, or the database cannot be used.
        """
        request = {"do": action, "languages": list(client_languages()), **arguments}
        try:
            number = await asyncio.to_thread(node_requests.ask, self._database, node, request)
            try:
                answer = await self._answered(number, seconds)
            except TimeoutError:
                if await asyncio.to_thread(node_requests.withdraw, self._database, number):
                    text = _("node {node} did not answer in time, and may have done it").format(node=node)
                else:
                    text = _("node {node} does not answer; nothing was done").format(node=node)
                raise RequestRefused(text) from None
        except DatabaseUnusable as error:
            raise RequestRefused(str(error)) from None
        if "refused" in answer:
            raise RequestRefused(*answer["refused"])
        return answer["result"]

    async def _answered(self, number: int, seconds: float) -> Mapping[str, Any]:
        async with asyncio.timeout(seconds):
            while True:
                await asyncio.sleep(_LOOK)
                if (answer := await asyncio.to_thread(node_requests.answer_of, self._database, number)) is not None:
                    return answer

    async def _work(self) -> None:
        await self._migrated.wait()
        while True:
            try:
                with await asyncio.to_thread(Notices, self._database, node_requests.CHANNEL) as notices:
                    await self._serve(notices)
            except DatabaseUnusable as error:
                log.debug("no requests of other nodes: %s", error)
                await asyncio.sleep(_PAUSE)

    async def _serve(self, notices: Notices) -> None:
        """Carry out the requests of other nodes, until the connection of the notices is lost."""
        while True:
            for request in await asyncio.to_thread(node_requests.take, self._database, self._node):
                doing = asyncio.create_task(self._do_request(request))
                self._doing.add(doing)
                doing.add_done_callback(self._doing.discard)
            await self._wait_for_request(notices)

    async def _wait_for_request(self, notices: Notices) -> None:
        """Wait for the notice of a request to this node, at most `_READ_INTERVAL`."""
        try:
            async with asyncio.timeout(_READ_INTERVAL):
                while self._node not in await asyncio.to_thread(notices.received):
                    await _until_readable(notices.fileno())
        except TimeoutError:
            return

    async def _do_request(self, node_request: NodeRequest) -> None:
        request = dict(node_request.request)
        speak(request.pop("languages", ()))  # of the person at the other node
        action = request.pop("do", "")
        handler = self._handlers.get(action)
        try:
            if handler is None:
                log.warning(_("another node asks for %r, which this version does not know"), action)
                text = _("node {node} does not know the request; it may be of another version").format(node=self._node)
                raise RequestRefused(text)
            answer = {"result": await handler(**request)}
        except RequestRefused as refusal:
            answer = {"refused": list(refusal.args)}
        except Exception as error:  # the person gets one line, the log the traceback
            log.exception("a request of another node failed")
            answer = {"refused": [_("the command failed: {error}; see log/engine.log").format(error=error)]}
        with suppress(DatabaseUnusable):
            await asyncio.to_thread(node_requests.answer, self._database, node_request.number, answer)


async def _until_readable(socket: int) -> None:
    """Wait for a socket, and watch it no longer: threads that read may all wait for a database that is away."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(socket, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(socket)
