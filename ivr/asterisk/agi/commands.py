"""Sends AGI commands one at a time and reads the reply to each; an error becomes `HungUp` or `AgiError`."""

import asyncio
import re
from typing import Protocol

from ivr.asterisk.agi.reply import GarbledError, Reply
from ivr.texts import _

QUICK = 10.0
"""Seconds until Asterisk must have answered a command that does not wait for a person."""
_CONTROL = re.compile(r"[\x00-\x1f]")
_LONGEST = 2000  # bytes; Asterisk reads a command into 2048


class HungUp(Exception):
    """The caller is gone, or Asterisk has closed the session."""


class AgiError(Exception):
    """A command that could not be carried out; names the call and the command."""


class Transport(Protocol):
    """The transport of commands to Asterisk: FastAGI, or a process of its own."""

    @property
    def hung_up(self) -> bool:
        """Whether Asterisk has reported that the caller is gone."""

    async def send(self, command: str) -> Reply:
        """Send one line and wait for its reply.

        Raises:
            GarbledError: the text that came back is no reply.
            EOFError, OSError: the connection is gone.
        """


class Commands:
    """The commands of a call."""

    def __init__(self, call: str, transport: Transport) -> None:
        """``call`` is the id of the call, which errors name; ``transport`` carries its commands to Asterisk."""
        self._call = call
        self._transport = transport
        self._hung_up = False
        self._broken = False

    @property
    def is_up(self) -> bool:
        """Whether the caller was still there at the last reply."""
        return not (self._hung_up or self._transport.hung_up or self._broken)

    async def send_live(self, command: str, deadline: float | None = QUICK) -> Reply:
        """Send a command that needs the caller, and return its reply.

        Raises:
            HungUp: the caller is gone.
            AgiError: as `send`; or the command failed.
        """
        if not self.is_up:
            raise HungUp(self._call)
        reply = await self.send(command, deadline)
        if reply.code == 511:  # not permitted on a dead channel
            raise self.hung_up_error()
        if reply.result == -1:
            raise await self.hang_up_or_failure(command, reply)
        return reply

    async def hang_up_or_failure(self, command: str, reply: Reply) -> Exception:
        """Distinguish a hang-up from a failed command: the reply to both is -1."""
        status = await self.send("CHANNEL STATUS")
        if self._transport.hung_up or status.code == 511 or status.result == -1:
            return self.hung_up_error()
        return self.failure(command, reply.data or _("the command failed"))

    async def send(self, command: str, deadline: float | None = QUICK) -> Reply:
        """Send a command and return its reply, which is 200 or 511 (not on a dead channel).

        Raises:
            HungUp: the connection is gone.
            AgiError: the command is too long; Asterisk refused it, or did not answer within ``deadline`` seconds.
        """
        if self._broken:
            raise self.failure(command, _("the connection to Asterisk is no longer usable"))
        if len(command.encode()) > _LONGEST:
            raise self.refusal(command[:40], command)
        try:
            async with asyncio.timeout(deadline):
                reply = await self._transport.send(command)
        except TimeoutError:
            self._broken = True  # the reply may still come, and would answer another command
            raise self.failure(command, _("no answer within {seconds:g} s").format(seconds=deadline)) from None
        except (EOFError, OSError):
            self._broken = True
            raise HungUp(self._call) from None
        except GarbledError as garbled:
            self._broken = True
            raise self.failure(command, str(garbled)) from None
        if reply.code not in (200, 511):
            raise self.failure(command, reply.text)
        return reply

    def quoted(self, command: str, value: str) -> str:
        """Quote an AGI argument; text from outside enters a command only here."""
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self.refusal(command, value) from None
        if not _is_plain(value):
            raise self.refusal(command, value)
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def hung_up_error(self) -> HungUp:
        """Note that the caller is gone, and return the exception to raise."""
        self._hung_up = True
        return HungUp(self._call)

    def failure(self, command: str, reason: str) -> AgiError:
        """Return the exception for a command that Asterisk could not carry out."""
        return AgiError(_("call {id}: {command}: {why}").format(id=self._call, command=command[:200], why=reason))

    def refusal(self, command: str, value: str) -> AgiError:
        """Return the exception for a value that is not sent."""
        text = _("call {id}: {command}: refused to send {value}")
        return AgiError(text.format(id=self._call, command=command, value=ascii(value[:80])))


def _is_plain(value: str) -> bool:
    """Whether a value has no control character: CR and LF would begin a second command, NUL would cut the command."""
    return not _CONTROL.search(value)
