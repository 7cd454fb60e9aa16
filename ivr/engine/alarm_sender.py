"""Sends alarms to their receivers, by mail and by HTTP; a slow or dead receiver delays no other."""

import asyncio
import logging
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import urllib3

from ivr.alarms import alarm_messages
from ivr.alarms.alarm_delivery import alarm_mail, alarm_post, refusal_of
from ivr.alarms.alarm_messages import AlarmMessage
from ivr.alarms.alarm_news import AlarmNews, trial_news
from ivr.engine.background_task import BackgroundTask
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.registry.alarm_model import AlarmReceiver, MailSecurity, ReceiverKind
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks for waiting messages
_RETRY_AFTER = (2.0, 4.0, 8.0, 16.0, 30.0, 60.0)  # seconds until a receiver that was not reached is tried again
_SMTP_TIMEOUT = 10.0
_HTTP_TIMEOUT = urllib3.Timeout(connect=5, read=10)


class ReceiverAway(Exception):
    """A receiver cannot be reached; the message says why."""


class AlarmSender(BackgroundTask):
    """Sends waiting messages while its context is open, each receiver in a thread of its own."""

    def __init__(
        self,
        database: Database,
        migrated: asyncio.Event,
        in_force: RegistryHolder,
        keys: Callable[[], Mapping[str, str]],
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """Send nothing before the context is entered.

        Args:
            database: has the messages.
            migrated: is set once the database has its tables.
            in_force: the registry in force, which has the receivers.
            keys: returns the receivers' passwords and keys.
            trusted: the certificates that are trusted of a mail server; by default the machine's.
        """
        self._database, self._migrated, self._in_force, self._keys = database, migrated, in_force, keys
        self._trusted = trusted or ssl.create_default_context()
        self._http = urllib3.PoolManager(timeout=_HTTP_TIMEOUT, retries=False, ssl_context=self._trusted)
        self._pools: dict[str, ThreadPoolExecutor] = {}

    async def __aexit__(self, *_error: object) -> None:
        """Stop; undelivered messages stay in the database."""
        await super().__aexit__()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    async def trial(self, by: str) -> list[dict[str, Any]]:
        """Send a trial message to every receiver; return the problem of each, "" if the receiver took it."""
        registry = self._in_force.current
        news = trial_news(registry, datetime.now(UTC), by)
        receivers = list(registry.alarms.receivers.values())
        problems = await asyncio.gather(
            *(asyncio.to_thread(self._problem_of_attempt, news, receiver) for receiver in receivers)
        )
        return [
            {"receiver": receiver.name, "kind": receiver.kind.value, "problem": problem}
            for receiver, problem in zip(receivers, problems, strict=True)
        ]

    async def _work(self) -> None:
        await self._migrated.wait()
        tasks: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                receivers = self._in_force.current.alarms.receivers
                for name in tasks.keys() - receivers.keys():
                    tasks.pop(name).cancel()
                for name in receivers:
                    if name not in tasks or tasks[name].done():
                        tasks[name] = asyncio.create_task(self._keep_sending(name))
                await asyncio.sleep(_EVERY)
        finally:
            for task in tasks.values():
                task.cancel()

    async def _keep_sending(self, name: str) -> None:
        """Send to a receiver until the registry has it no more."""
        pool = self._pools.setdefault(name, ThreadPoolExecutor(1, f"alarm-{name}"))
        failures = 0
        while receiver := self._in_force.current.alarms.receivers.get(name):
            try:
                await asyncio.get_running_loop().run_in_executor(pool, self._send_waiting, receiver)
            except ReceiverAway as away:
                if not failures:
                    log.error(_("receiver of alarms %s cannot be reached, and is tried again: %s"), name, away)
                await asyncio.sleep(_RETRY_AFTER[min(failures, len(_RETRY_AFTER) - 1)])
                failures += 1
                continue
            except DatabaseUnusable:
                log.debug("alarms wait for the database")  # the import of call records logs the reason
            if failures:
                log.info("receiver of alarms %s is reached again", name)
            failures = 0
            await asyncio.sleep(_EVERY)

    def _send_waiting(self, receiver: AlarmReceiver) -> None:
        """Send the waiting messages of a receiver, in its thread, if this node has the turn.

        Raises:
            ReceiverAway: the receiver cannot be reached.
        """
        if not self._database.has_turn(f"alarms to {receiver.name}"):
            return
        for message in alarm_messages.waiting_messages(self._database, receiver.name, datetime.now(UTC)):
            self._send(message, receiver)

    def _send(self, message: AlarmMessage, receiver: AlarmReceiver) -> None:
        try:
            problem = self._attempt(message.news, receiver)
        except ReceiverAway as away:
            alarm_messages.message_refused(self._database, message, str(away), datetime.now(UTC))
            raise
        if problem:
            log.error(_("receiver of alarms %s does not take a message: %s"), receiver.name, problem)
            alarm_messages.message_refused(self._database, message, problem, datetime.now(UTC))
        else:
            alarm_messages.message_sent(self._database, message, datetime.now(UTC))

    def _problem_of_attempt(self, news: AlarmNews, receiver: AlarmReceiver) -> str:
        try:
            return self._attempt(news, receiver)
        except ReceiverAway as away:
            return str(away)

    def _attempt(self, news: AlarmNews, receiver: AlarmReceiver) -> str:
        """Send a message; return the reason for which the receiver refused it, "" if the receiver took it.

        Raises:
            ReceiverAway: the receiver cannot be reached.
        """
        keys = self._keys()
        if receiver.kind is ReceiverKind.MAIL:
            return self._mail(news, receiver, keys.get(receiver.name, ""))
        post = alarm_post(news, receiver, keys, time.time())
        try:
            answer = self._http.request("POST", post.url, body=post.body, headers=post.headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise ReceiverAway(type(error).__name__) from None  # its text may hold the URL, which holds the key
        return refusal_of(receiver.kind, answer.status, answer.data)

    def _mail(self, news: AlarmNews, receiver: AlarmReceiver, password: str) -> str:
        try:
            with self._smtp(receiver) as server:
                if receiver.security is MailSecurity.STARTTLS:
                    server.starttls(context=self._trusted)
                if receiver.user:
                    server.login(receiver.user, password)
                server.send_message(alarm_mail(news, receiver))
        except smtplib.SMTPAuthenticationError as error:
            name = receiver.name
            return _("the mail server refuses the user ({code}); ivr secret set alarm {name}").format(
                code=error.smtp_code, name=name
            )
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return f"{type(error).__name__}: {error}"
        except (OSError, smtplib.SMTPException) as error:
            raise ReceiverAway(f"{type(error).__name__}: {error}") from None
        return ""

    def _smtp(self, receiver: AlarmReceiver) -> smtplib.SMTP:
        if receiver.security is MailSecurity.TLS:
            return smtplib.SMTP_SSL(receiver.host, receiver.port, timeout=_SMTP_TIMEOUT, context=self._trusted)
        return smtplib.SMTP(receiver.host, receiver.port, timeout=_SMTP_TIMEOUT)
