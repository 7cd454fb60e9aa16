"""Asterisk's manager interface: actions, command lines and events, over panoramisk's `Manager`.

This module adds four things to panoramisk: every wait has a deadline; if the connection is lost, open actions fail and
are not sent again; an exception in a callback does not end the connection; no value can hold a second action.
"""

import asyncio
import codecs
import inspect
import logging
from collections.abc import Awaitable, Callable, Sequence
from fnmatch import fnmatchcase

from panoramisk import actions, manager
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from ivr.texts import _

Event = dict[str, str]
Callback = Callable[[Event], Awaitable[None] | None]

log = logging.getLogger(__name__)
# panoramisk logs whole messages with callers' numbers, and an error at each ordinary end of Asterisk.
_wire = logging.getLogger(f"{__name__}.wire")
_wire.setLevel(logging.CRITICAL)


class AmiError(Exception):
    """Asterisk refused an action, did not answer, or is not connected."""


class _Protocol(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """Keeps a character whole that arrives in two TCP segments, and fails the open actions of a lost connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.encoding = "utf-8"
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def data_received(self, data: bytes) -> None:
        super().data_received(self._decoder.decode(data).encode())

    def close(self) -> None:
        for action in list(self.responses.values()):
            if not action.future.done():  # panoramisk would send it again after a reconnect
                action.future.set_exception(ConnectionError(_("the connection was lost")))
                action.future.exception()  # retrieved here, because no task may be waiting for it
        super().close()


class _Action(actions.Action):  # type: ignore[misc]
    """Ends when Asterisk says so; panoramisk guesses the end from the text, and waits for ever for ``QueueAdd``."""

    @property
    def multi(self) -> bool:
        return bool(self.responses[0].eventlist.lower() == "start")

    @property
    def completed(self) -> bool:
        return not self.multi or self.responses[-1].eventlist.lower() in ("complete", "cancelled")


class _Manager(manager.Manager):  # type: ignore[misc]
    def __init__(self, dispatch: Callable[[Message], None], **config: object) -> None:
        super().__init__(log=_wire, protocol_factory=_Protocol, loop=asyncio.get_running_loop(), **config)
        self.dispatch = dispatch
        self.ended = False
        self.logged_in: asyncio.Future[bool] = self.loop.create_future()

    def connect(self) -> asyncio.Task[None] | None:
        return None if self.ended else super().connect()

    def connection_made(self, opening: asyncio.Task[tuple[asyncio.Transport, _Protocol]]) -> None:
        first = not self.logged_in.done()
        if opening.cancelled() or (first and opening.exception()):
            return  # `Ami.connect` reports it
        if self.ended:  # closed while a reconnect was under way
            if not opening.exception():
                opening.result()[0].close()
            return
        super().connection_made(opening)

    def login(self, future: asyncio.Future[Message]) -> None:
        if future.cancelled() or future.exception():
            return
        accepted = super().login(future)
        if not self.logged_in.done():
            self.logged_in.set_result(accepted)
        elif not accepted:
            log.error(_("AMI: Asterisk refused the login after a reconnect"))

    def connection_lost(self, error: Exception | None) -> None:
        log.warning(_("AMI: the connection to Asterisk was lost; the engine connects again when Asterisk is back"))
        super().connection_lost(error)

    def close(self) -> None:
        self.ended = True
        super().close()


class Ami:
    """One connection to Asterisk's manager interface, which reconnects by itself."""

    def __init__(self, host: str, port: int, username: str, secret: str, *, seconds: float = 5.0) -> None:
        """``seconds`` is the longest time that Asterisk may take for an answer."""
        self._login = {"host": host, "port": port, "username": username, "secret": secret}
        self._seconds = seconds
        self._manager: _Manager | None = None
        self._callbacks: list[tuple[str, Callback]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether actions can be sent now."""
        connection = self._manager
        return bool(connection and connection.protocol and not connection.protocol.closed and connection.authenticated)

    async def connect(self) -> None:
        """Connect and log in.

        Raises:
            AmiError: no program listens there, the login was refused, or the login took too long.
        """
        self.close()
        connection = self._manager = _Manager(self._dispatch, **self._login)
        address = "{host}:{port}".format(**self._login)
        try:
            async with asyncio.timeout(self._seconds):
                opening = connection.connect()
                assert opening
                await opening
                accepted = await connection.logged_in
        except TimeoutError:
            self.close()
            text = _("AMI at {where}: no login within {s:g} s")
            raise AmiError(text.format(where=address, s=self._seconds)) from None
        except OSError as error:
            self.close()
            raise AmiError(_("AMI at {where}: {error}").format(where=address, error=error)) from None
        if not accepted:
            self.close()
            raise AmiError(_("AMI at {where}: the login was refused").format(where=address))

    def close(self) -> None:
        """End the connection; actions without an answer fail."""
        if self._manager:
            self._manager.close()
            self._manager = None

    def on(self, event: str, callback: Callback) -> None:
        """Call back with every event whose name matches the pattern: ``"QueueMemberStatus"``, ``"Queue*"``.

        ``FullyBooted`` comes after each login, also after a reconnect.
        """
        self._callbacks.append((event, callback))

    async def action(self, name: str, /, **fields: str | Sequence[str]) -> Event:
        """Send an action, ``await ami.action("QueuePause", Queue="general", …)``, and return its response.

        Raises:
            AmiError: Asterisk refused the action or did not answer in time; Ami is not connected; or a value has a
                line break.
        """
        return (await self._send(name, fields))[0]

    async def listing(self, name: str, /, **fields: str | Sequence[str]) -> list[Event]:
        """Send an action that answers with a list (``QueueStatus``, ``CoreShowChannels``) and return its events.

        Raises:
            AmiError: as `action`.
        """
        answers = await self._send(name, fields)
        return [event for event in answers if "Event" in event and "EventList" not in event]

    async def command(self, line: str) -> str:
        """Run a line of Asterisk's console and return its output.

        Raises:
            AmiError: as `action`; there is no such command.
        """
        return (await self.action("Command", Command=line)).get("Output", "")

    async def _send(self, name: str, fields: dict[str, str | Sequence[str]]) -> list[Event]:
        values = [name]
        for value in fields.values():
            values += [value] if isinstance(value, str) else value
        if any(character in value for value in values for character in "\r\n\0"):
            raise AmiError(_("AMI {name}: refused to send a value with a line break").format(name=ascii(name)))
        if not self.connected:
            raise AmiError(_("AMI {name}: not connected to Asterisk").format(name=name))
        assert self._manager
        protocol = self._manager.protocol
        action = _Action({"Action": name, **fields})
        try:
            async with asyncio.timeout(self._seconds):
                answer = await protocol.send(action)
        except TimeoutError:
            raise AmiError(_("AMI {name}: no answer within {s:g} s").format(name=name, s=self._seconds)) from None
        except ConnectionError as error:
            raise AmiError(_("AMI {name}: {error}").format(name=name, error=error)) from None
        finally:
            protocol.responses.pop(action.id, None)
        answers = [_plain(message) for message in (answer if isinstance(answer, list) else [answer])]
        if answers[0].get("Response") not in ("Success", "Follows", "Goodbye"):
            reason = answers[0].get("Output") or answers[0].get("Message", "")
            raise AmiError(_("AMI {name}: {why}").format(name=name, why=reason))
        return answers

    def _dispatch(self, message: Message) -> None:
        event = _plain(message)
        for pattern, callback in self._callbacks:
            if fnmatchcase(message.event, pattern):
                task = asyncio.get_running_loop().create_task(_call_back(callback, event))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)


async def _call_back(callback: Callback, event: Event) -> None:
    try:
        outcome = callback(event)
        if inspect.isawaitable(outcome):
            await outcome
    except Exception as error:  # a fault of a handler must not end the connection
        log.error(_("AMI: the handler of %s failed: %r"), event["Event"], error)
        log.debug("AMI", exc_info=True)


def _plain(message: Message) -> Event:
    """Return a message as Asterisk wrote it; the values of a repeated key are joined, each on its own line."""
    return {
        key: "\n".join(value) if isinstance(value, list) else value
        for key, value in message.items()
        if key != "content"
    }
