"""Sends notifications to a desktop program as signed HTTP POSTs: in order for each call, retried until they arrive."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import urllib3

from ivr.engine.background_task import BackgroundTask
from ivr.platforms.message_signature import signature
from ivr.records.store import outbox
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.outbox import PendingNotification
from ivr.texts import _

log = logging.getLogger(__name__)

_TASK = "notifications"  # the node that has the turn sends the notifications of all nodes
_EVERY = 0.3  # seconds between two looks into the outbox
_EVERY_WHILE_AWAY = 2.0  # while the receiver is away, because each look counts all waiting notifications
_TIMEOUT = urllib3.Timeout(connect=2, read=5)
_SENDERS = 4  # threads of their own, because a slow receiver must not hold up other work
_PURGES = 3600.0  # seconds between two purges of delivered notifications


class NotificationSender(BackgroundTask):
    """Sends the notifications of the outbox while its context is open."""

    def __init__(self, database: Database, key: str, url: Callable[[], str]) -> None:
        """``url`` returns the receiver's URL at this moment; "" if there is no receiver."""
        self._database, self._key, self._url = database, key, url
        self._http = urllib3.PoolManager(maxsize=_SENDERS, timeout=_TIMEOUT, retries=False)
        self._senders = ThreadPoolExecutor(_SENDERS, "events")
        self._purged_at = 0.0
        self._last_problem = ""

    async def __aexit__(self, *_error: object) -> None:
        """Stop; undelivered notifications stay in the outbox."""
        await super().__aexit__()
        self._senders.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        while True:
            if self._url():
                try:
                    if await asyncio.to_thread(self._database.has_turn, _TASK):
                        await self._send_due()
                except DatabaseUnusable:
                    log.debug("notifications wait for the database")  # the import of call records logs the reason
            await asyncio.sleep(_EVERY_WHILE_AWAY if self._last_problem else _EVERY)

    async def _send_due(self) -> None:
        run = asyncio.get_running_loop().run_in_executor
        waiting = await run(self._senders, outbox.due_notifications, self._database, datetime.now(UTC))
        url = self._url()
        for problem in await asyncio.gather(*(run(self._senders, self._send, pending, url) for pending in waiting)):
            self._report(url, problem)
        if time.monotonic() > self._purged_at + _PURGES:
            self._purged_at = time.monotonic()
            await run(self._senders, outbox.purge_delivered, self._database, datetime.now(UTC))

    def _send(self, waiting: PendingNotification, url: str) -> str:
        """Send one notification, in a thread of the senders; return the problem, or "" if it arrived."""
        body, timestamp = waiting.body.encode(), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Hotline-Event": waiting.event,
            "X-Hotline-Timestamp": timestamp,
            "X-Hotline-Signature": signature(self._key, timestamp, body),
        }
        try:
            status = self._http.request("POST", url, body=body, headers=headers, redirect=False).status
            problem = "" if 200 <= status < 300 else f"HTTP {status}"
        except urllib3.exceptions.HTTPError as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            outbox.mark_failed(self._database, waiting, datetime.now(UTC))
        else:
            outbox.mark_delivered(self._database, waiting, datetime.now(UTC))
        return problem

    def _report(self, url: str, problem: str) -> None:
        """Log once that the receiver is away, and once that it is back."""
        if bool(problem) != bool(self._last_problem):
            if problem:
                log.error(_("events do not reach %s, and are kept: %s"), url, problem)
            else:
                log.info("events reach %s again", url)
        self._last_problem = problem
