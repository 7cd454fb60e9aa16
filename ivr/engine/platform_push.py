"""Sends messages to platforms as signed HTTP POSTs: in order for each object, retried until the platform takes them."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import urllib3

from ivr.control.control_client import RequestRefused
from ivr.engine.background_task import BackgroundTask
from ivr.engine.record_importer import RecordImporter
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.platform_model import Platform
from ivr.platforms import push_store
from ivr.platforms.message_mapping import MessageWaits, body_of
from ivr.platforms.message_signature import signature
from ivr.platforms.push_feed import feed_again, feed_platform
from ivr.platforms.push_store import WaitingMessage
from ivr.platforms.received_message import receive_message
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks for new messages
_TIMEOUT = urllib3.Timeout(connect=3, read=10)
_THREADS = 4  # of their own, because a slow platform must not hold up other work
_KNOWN_ALREADY = 409  # the platform has a message of this id
_NOT_FOR_GOOD = (
    401,
    403,
    404,
    408,
    425,
    429,
)  # refusals because of address, key or load, and not because of the message


class PlatformPush(BackgroundTask):
    """Pushes to all platforms while its context is open; a slow platform delays no other."""

    def __init__(
        self,
        database: Database,
        recorder: RecordImporter,
        directory: Callable[[], OrderDirectory],
        keys: Callable[[], dict[str, str]],
        now: Callable[[], datetime],
    ) -> None:
        """``directory`` returns the orders.yaml in force, ``keys`` the platforms' keys, ``now`` the city's time."""
        self._database, self._recorder, self._directory = database, recorder, directory
        self._keys, self._now = keys, now
        self._http = urllib3.PoolManager(maxsize=_THREADS, timeout=_TIMEOUT, retries=False)
        self._threads = ThreadPoolExecutor(_THREADS, "platforms")
        self._away: dict[str, str] = {}  # the problem of each platform that was not reached last time

    async def __aexit__(self, *_error: object) -> None:
        """Stop; undelivered messages stay in the database."""
        await super().__aexit__()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def push_states(self, platform: str = "", since: str = "", retry: bool = False) -> list[dict[str, Any]]:
        """Return the state of each platform's messages; before that, let messages be sent again, or at once.

        Args:
            platform: only this platform; "" for all.
            since: ISO 8601 with offset: send the messages about all events since then again; "" for none.
            retry: send the waiting messages at once.

        Raises:
            RequestRefused: there is no such platform.
            DatabaseUnusable: the database cannot be used.
        """
        platforms = self._directory().platforms
        if platform and platform not in platforms:
            raise RequestRefused(_("orders.yaml has no platform {name}").format(name=platform))
        chosen = [each for each in platforms.values() if platform in ("", each.name)]
        return await asyncio.to_thread(self._push_states, chosen, since, retry)

    async def message(self, platform: str, message: dict[str, Any]) -> dict[str, Any]:
        """Do the act of a platform's message; the desk has checked its signature.

        Raises:
            RequestRefused: the platform may not do the act.
        """
        directory = self._directory()
        sender = directory.platforms.get(platform)
        if sender is None:
            raise RequestRefused(_("orders.yaml has no platform {name}").format(name=platform))
        try:
            return await self._recorder.query_up_to_date(
                lambda database: receive_message(database, sender, message, directory, self._now())
            )
        except OrderActRefused as refusal:
            raise RequestRefused(str(refusal)) from None

    async def _work(self) -> None:
        await self._recorder.migrated.wait()
        tasks: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                platforms = self._directory().platforms
                for name in tasks.keys() - platforms.keys():
                    tasks.pop(name).cancel()
                for name in platforms:
                    if name not in tasks or tasks[name].done():
                        tasks[name] = asyncio.create_task(self._keep_pushing(name))
                await asyncio.sleep(_EVERY)
        finally:
            for task in tasks.values():
                task.cancel()

    async def _keep_pushing(self, name: str) -> None:
        """Push to a platform until orders.yaml has it no more."""
        while name in self._directory().platforms:
            try:
                await self._push(self._directory().platforms[name])
            except DatabaseUnusable:
                log.debug("platform %s waits for the database", name)  # the import of call records logs the reason
            except Exception:
                log.exception(_("messages to platform %s failed, and are sent again"), name)
            await asyncio.sleep(_EVERY)

    async def _push(self, platform: Platform) -> None:
        run = asyncio.get_running_loop().run_in_executor
        if not await run(self._threads, self._database.has_turn, f"platform {platform.name}"):
            return
        while await run(self._threads, self._feed, platform):
            pass
        waiting = await run(self._threads, push_store.due_messages, self._database, platform.name, self._now())
        for message in waiting:
            await run(self._threads, self._send, message, platform)

    def _feed(self, platform: Platform) -> bool:
        with self._database.begin() as connection:
            return feed_platform(connection, platform, self._directory(), self._now())

    def _send(self, waiting: WaitingMessage, platform: Platform) -> None:
        """Send a message, in a thread."""
        problem, is_away, is_refused = self._attempt(waiting, platform)
        if is_refused and push_store.is_behind(self._database, waiting):
            log.warning(
                _("platform %s has later messages about %s and refuses %s (%s): this message is not sent again"),
                platform.name, waiting.message.key, waiting.message.id, problem,
            )  # fmt: skip
            push_store.message_delivered(self._database, waiting, self._now())
            return
        if problem:
            push_store.message_failed(self._database, waiting, problem, self._now())
        else:
            push_store.message_delivered(self._database, waiting, self._now())
        if is_away and platform.name not in self._away:
            log.error(_("platform %s does not take messages; they are kept: %s"), platform.name, problem)
            self._away[platform.name] = problem
        elif not problem and self._away.pop(platform.name, ""):
            log.info("platform %s takes messages again", platform.name)

    def _attempt(self, waiting: WaitingMessage, platform: Platform) -> tuple[str, bool, bool]:
        """Send a message once; return problem, is_away and is_refused.

        ``problem`` is "" if the platform took the message; ``is_away`` says whether the fault is the platform's or the
        way's, not the message's; ``is_refused`` whether the platform refuses this message for good.
        """
        key = self._keys().get(platform.name, "")
        if not key:
            advice = _("no key: ivr secret set platform {name}").format(name=platform.name)
            return advice, True, False
        try:
            body, content_type = body_of(waiting.message, platform)
        except MessageWaits as error:
            return str(error), False, False
        timestamp, text = str(int(time.time())), body.encode()
        headers = {
            "Content-Type": content_type,
            "X-Hotline-Message": waiting.message.id,
            "X-Hotline-Object": waiting.message.object.value,
            "X-Hotline-Key": waiting.message.key,
            "X-Hotline-Version": str(waiting.message.version),
            "X-Hotline-Timestamp": timestamp,
            "X-Hotline-Signature": signature(key, timestamp, text),
        }
        try:
            status = self._http.request("POST", platform.url, body=text, headers=headers, redirect=False).status
        except urllib3.exceptions.HTTPError as error:
            return f"{type(error).__name__}: {error}", True, False
        if 200 <= status < 300 or status == _KNOWN_ALREADY:
            return "", False, False
        return f"HTTP {status}", True, 400 <= status < 500 and status not in _NOT_FOR_GOOD

    def _push_states(self, platforms: list[Platform], since: str, retry: bool) -> list[dict[str, Any]]:
        states = []
        for platform in platforms:
            if since:
                begin = datetime.fromisoformat(since)
                with self._database.begin() as connection:
                    push_store.send_again(connection, platform.name, begin, self._now())
                    feed_again(connection, platform, begin)
            if retry:
                push_store.try_now(self._database, platform.name, self._now())
            state = push_store.push_state(self._database, platform.name)
            has_key = bool(self._keys().get(platform.name))
            states.append({"platform": platform.name, "url": platform.url, "has_key": has_key, **state})
        return states
