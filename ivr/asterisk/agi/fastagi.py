"""The FastAGI server: takes Asterisk's connections and runs a call script for each.

panoramisk's own accept loop stops the whole process if a peer connects and disconnects without sending anything.
Therefore this module accepts connections and reads header blocks itself; the session is panoramisk's `Request`.
"""

import asyncio
import ipaddress
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from panoramisk.fast_agi import Request

from ivr.asterisk.agi import headers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.reply import Replies, Reply
from ivr.asterisk.agi.script import Script, run_script
from ivr.texts import _

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FastAgiLimits:
    """The limits of a FastAGI server."""

    calls: int = 500  # at once; a further call is refused, and the dialplan runs its script as a process
    silent: int = 200  # peers without a complete header block; if there are more, the oldest is disconnected
    header: float = 3.0  # seconds until the header block must be complete
    first_command: float = 10.0  # seconds until the script must have sent its first command


class AgiSession(Request):  # type: ignore[misc]  # panoramisk has no types
    """A FastAGI session that matches each reply with its command."""

    def __init__(
        self,
        block: Mapping[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        first_command: asyncio.Timeout,
    ) -> None:
        """Take over a connection; ``first_command`` is lifted by the first command."""
        super().__init__(None, block, reader, writer)
        self._replies = Replies(reader)
        self._first_command = first_command

    @property
    def hung_up(self) -> bool:
        """Whether Asterisk has sent ``HANGUP``."""
        return self._replies.hung_up

    async def send(self, command: str) -> Reply:
        """Send one line and wait for its reply (see `ivr.asterisk.agi.commands.Transport`)."""
        self._first_command.reschedule(None)
        self._replies.settle()
        reply: Reply = (await self.send_command(command))["reply"]
        return reply

    async def _read_result(self) -> dict[str, Reply]:
        return {"reply": await self._replies.next()}


class FastAgiServer:
    """Runs call scripts for Asterisk's ``AGI(agi://HOST:PORT/NAME,ARG…)``.

    A peer that is not on this machine, sends nothing, sends too much, or names no script is disconnected with one
    line in the log, and never delays a call.
    """

    def __init__(
        self,
        scripts: Mapping[str, Script],
        host: str = "127.0.0.1",
        port: int = 0,
        limits: FastAgiLimits = FastAgiLimits(),
    ) -> None:
        """Serve ``scripts``, named as in the AGI address, on a loopback address; port 0 picks a free port."""
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(_("FastAGI must listen on a loopback address, not {host}").format(host=host))
        self.host = host
        self.port = port
        self._scripts = scripts
        self._limits = limits
        self._silent: dict[asyncio.Task[None], None] = {}  # in the order in which they connected
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def active(self) -> int:
        """The number of calls whose script runs."""
        return len(self._calls)

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            OSError: the port is in use.
        """
        self._server = await asyncio.start_server(
            self._connected, self.host, self.port, limit=headers.LONGEST, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def drain(self) -> None:
        """Take no more calls, and wait until the running scripts have ended."""
        self._stop_listening()
        while self._calls:
            await asyncio.wait(set(self._calls))

    async def close(self) -> None:
        """Take no more calls, and cancel the running scripts."""
        self._stop_listening()
        tasks = self._calls | self._silent.keys()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    def _stop_listening(self) -> None:
        if self._server:
            self._server.close()
        for task in list(self._silent):
            task.cancel()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection; asyncio calls this, and an exception here would be lost."""
        peer = writer.get_extra_info("peername")
        if not peer or not ipaddress.ip_address(peer[0]).is_loopback:
            log.warning(_("FastAGI: turned away %s, which is not on this machine"), peer)
            writer.close()
            return
        while len(self._silent) >= self._limits.silent:
            oldest = next(iter(self._silent))
            del self._silent[oldest]
            oldest.cancel()
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._silent[task] = None
        task.add_done_callback(self._forget)
        task.add_done_callback(lambda _task: writer.close())

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._silent.pop(task, None)
        self._calls.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error(_("FastAGI: %r"), error)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("peername")[1]
        try:
            block, script = await self._opening(reader)
        except headers.HeaderError as error:
            log.warning(_("FastAGI: turned away the peer at port %d: %s"), port, error)
        except asyncio.CancelledError:
            log.warning(_("FastAGI: dropped the silent peer at port %d"), port)
            raise
        else:
            await self._run(script, block, reader, writer)

    async def _opening(self, reader: asyncio.StreamReader) -> tuple[dict[str, str], Script]:
        """Read the header block and find the script that it names.

        Raises:
            HeaderError: the peer sent no header block, or names no script; or too many calls run.
        """
        block = await headers.read(reader, self._limits.header)
        name = block.get("agi_network_script", "")
        if name not in self._scripts:
            raise headers.HeaderError(_("there is no call script {name}").format(name=ascii(name[:80])))
        if len(self._calls) >= self._limits.calls:
            raise headers.HeaderError(_("{n} calls are running already").format(n=len(self._calls)))
        return block, self._scripts[name]

    async def _run(
        self, script: Script, block: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task
        self._silent.pop(task, None)
        self._calls.add(task)
        try:
            async with asyncio.timeout(self._limits.first_command) as first_command:
                call = Call(block, AgiSession(block, reader, writer, first_command))
                await run_script(script, call)
        except TimeoutError:
            log.error(_("call %s: its script sent no command within %g s"), call.id, self._limits.first_command)
