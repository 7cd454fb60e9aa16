"""Asterisk's console, through its own socket that only the owner can open."""

import asyncio
import socket
from pathlib import Path

from ivr.texts import _

_DEADLINE = 5.0
_FULL = 0.02  # seconds until the next try while Asterisk's backlog of two connections is full
_ONCE = "cli quit after "  # Asterisk closes the connection when the command is done, as for `asterisk -rx`


class ConsoleError(Exception):
    """Asterisk did not take a console command."""


class Console:
    """Runs console commands in a running Asterisk, like ``asterisk -rx``, but without a process for each."""

    def __init__(self, socket: Path) -> None:
        """``socket`` is Asterisk's console socket."""
        self._socket = socket

    async def run(self, command: str, seconds: float | None = _DEADLINE) -> str:
        """Return the output of a command; ``seconds`` is the longest time that it may take, None for no limit.

        Raises:
            ConsoleError: Asterisk does not run, or does not answer in time.
        """
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await asyncio.open_unix_connection(sock=await self._connected())
                try:
                    await reader.readline()  # Asterisk's greeting: name, process id and version
                    writer.write(f"{_ONCE}{command}\0".encode())
                    output = await reader.read()
                finally:
                    writer.close()
        except TimeoutError:
            raise ConsoleError(_("Asterisk did not answer '{command}'").format(command=command)) from None
        except OSError as error:
            raise ConsoleError(_("Asterisk's console cannot be reached: {reason}").format(reason=error)) from None
        return output.replace(b"\0", b"").decode("utf-8", "replace")

    async def _connected(self) -> socket.socket:
        """Connect without asyncio, which treats EAGAIN, the answer of a full backlog, as a connection."""
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.setblocking(False)
            try:
                connection.connect(str(self._socket))
            except BlockingIOError:
                connection.close()
                await asyncio.sleep(_FULL)
            except OSError:
                connection.close()
                raise
            else:
                return connection
