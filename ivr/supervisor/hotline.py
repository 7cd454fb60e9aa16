"""One hotline's two processes, Asterisk and the engine, from start to end."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

from ivr.asterisk.config import Settings
from ivr.asterisk.console import Console, ConsoleError
from ivr.asterisk.readback import differences
from ivr.control import client
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.facts import Facts
from ivr.runtime.layout import Home
from ivr.supervisor import child
from ivr.texts import _

_BOOT = 30.0  # seconds until calls must be taken; idle machines need 3, and 10 are promised
_POLL = 0.05
_RESTART_PAUSE = 1.0  # seconds between the death of a process and its next start
_PING = 2.0  # seconds between two looks at the engine
_HUNG = 10.0  # seconds without an answer after which the engine counts as stuck: it would hold every new caller
_LAST_CALLS = 3.0  # seconds that a second signal leaves to Asterisk


class Supervisor:
    """Starts, watches and ends the processes of one hotline."""

    def __init__(
        self,
        home: Home,
        facts: Facts,
        settings: Settings,
        asterisk: AsteriskRuntime,
        database: str,
        say: Callable[[str], None],
    ) -> None:
        """``database`` is the URL with its password; it reaches the engine by its environment only."""
        self._home, self._facts, self._settings, self._say = home, facts, settings, say
        conf = home.etc / "asterisk.conf"
        self._asterisk_command = (*asterisk.argv, "-C", str(conf), "-f", "-n")
        self._engine_command = (sys.executable, "-m", "ivr.engine", "--home", str(home.root))
        self._environment = {**os.environ, "HOTLINE_DATABASE": database}
        self._console = Console(home.asterisk_socket)
        self._signals = 0
        self._signalled = asyncio.Event()
        self._asterisk: asyncio.subprocess.Process | None = None
        self._engine: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Run until a signal ends it.

        Raises:
            RuntimeProblem: it could not be made ready; everything it started is ended.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)
        try:
            await self._start_asterisk()
            await self._start_engine()
            await self._until_ready()
            if self._signals == 0:
                self._say(f"ready: sip:12345@{self._facts.server}")
            await self._watch()
            await self._finish_calls()
        finally:
            await self._end()

    def _on_signal(self) -> None:
        self._signals += 1
        self._signalled.set()

    async def _start_asterisk(self) -> None:
        with (self._home.log / "asterisk.out").open("ab") as output:
            self._asterisk = await child.start(self._asterisk_command, output)

    async def _start_engine(self) -> None:
        self._engine = await child.start(self._engine_command, None, self._environment)

    async def _until_ready(self) -> None:
        """Wait until Asterisk has booted as configured and the engine answers."""
        wrong = [_("Asterisk has not finished starting")]
        try:
            async with asyncio.timeout(_BOOT):
                while wrong and not self._signals:
                    self._still_there()
                    await asyncio.sleep(_POLL)
                    wrong = await self._wrong()
        except TimeoutError:
            raise RuntimeProblem(
                _("not ready within {s:g} s: {wrong}; see {log}").format(
                    s=_BOOT, wrong="; ".join(wrong), log=self._home.log
                )
            ) from None

    def _still_there(self) -> None:
        for name, process in (("Asterisk", self._asterisk), (_("the engine"), self._engine)):
            if process is not None and process.returncode is not None:
                text = _("{name} ended at once (exit {code}); see {log}")
                raise RuntimeProblem(text.format(name=name, code=process.returncode, log=self._home.log))

    async def _wrong(self) -> list[str]:
        try:
            await self._console.run("core waitfullybooted")
            wrong = await differences(self._console, self._settings)
        except ConsoleError:
            return [_("Asterisk's console does not answer")]
        try:
            await asyncio.to_thread(client.ask, self._home, "ping")
        except (client.NotRunning, client.Refused) as error:
            wrong.append(str(error))
        return wrong

    async def _watch(self) -> None:
        """Restart what dies, until a signal comes."""
        while not self._signals:
            assert self._asterisk and self._engine
            asterisk, engine = asyncio.ensure_future(self._asterisk.wait()), asyncio.ensure_future(self._engine.wait())
            signalled, stuck = asyncio.ensure_future(self._signalled.wait()), asyncio.ensure_future(self._stuck())
            await asyncio.wait({asterisk, engine, signalled, stuck}, return_when=asyncio.FIRST_COMPLETED)
            if stuck.done():
                self._say(_("the engine has not answered for {s:g} s").format(s=_HUNG))
                await child.kill(self._engine)
            await child.settle(asterisk, engine, signalled, stuck)
            if self._signals:
                return
            if self._engine.returncode is not None:
                self._say(_("the engine ended (exit {code}); starting it again").format(code=self._engine.returncode))
                await asyncio.sleep(_RESTART_PAUSE)
                await self._start_engine()
            if self._asterisk.returncode is not None:
                self._say(_("Asterisk ended (exit {code}); starting it again").format(code=self._asterisk.returncode))
                await asyncio.sleep(_RESTART_PAUSE)
                await self._start_asterisk()

    async def _stuck(self) -> None:
        """Return when the engine has not answered for too long."""
        heard = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < heard + _HUNG:
            if await client.answers(self._home, _HUNG):
                heard = asyncio.get_running_loop().time()
            await asyncio.sleep(_PING)

    async def _finish_calls(self) -> None:
        """Take no new calls and wait until those in progress end, or a second signal comes.

        Who waits in a queue is still served: Asterisk's `stop gracefully` would let no phone ring any more.
        """
        assert self._asterisk
        self._say(_("stopping: no new calls; waiting for the calls in progress (Ctrl-C again ends them)"))
        gone = asyncio.ensure_future(self._asterisk.wait())
        try:
            await self._console.run("dialplan set global CLOSING yes")
            stopping = asyncio.ensure_future(self._console.run("core stop when convenient", None))  # until it has
            while self._signals < 2 and not gone.done():
                self._signalled.clear()
                signalled = asyncio.ensure_future(self._signalled.wait())
                await asyncio.wait({gone, signalled}, return_when=asyncio.FIRST_COMPLETED)
                signalled.cancel()
            if not gone.done():  # tell the phones, which Asterisk does not when it is ended
                await self._console.run("channel request hangup all")
                await asyncio.wait({gone}, timeout=_LAST_CALLS)
            await child.settle(stopping)
        except ConsoleError as error:
            self._say(str(error))
        await child.settle(gone)

    async def _end(self) -> None:
        """End both processes; the engine last, so that it records how the last calls ended."""
        for process, seconds in ((self._asterisk, _LAST_CALLS), (self._engine, _BOOT)):
            if process is not None:
                await child.end(process, seconds)
        self._home.control_socket.unlink(missing_ok=True)
        self._say(_("stopped"))
