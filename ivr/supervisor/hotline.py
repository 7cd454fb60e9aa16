"""One hotline's processes, Asterisk, the engine and the desk's, from start to end."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

from ivr.asterisk.config.channels import calls_in_progress
from ivr.asterisk.config.console import Console, ConsoleError
from ivr.asterisk.config.readback import differences
from ivr.asterisk.config.render import Settings
from ivr.asterisk.variables import Variable
from ivr.control import control_client, ping
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.layout import Home
from ivr.supervisor import child, reserve
from ivr.supervisor.desk_keeper import DeskKeeper
from ivr.supervisor.heartbeat import Patience, is_slow, is_stopped, until_answer, until_silent, until_stopped
from ivr.supervisor.thread_policy import stop_interruptions
from ivr.texts import _

_BOOT = 30.0  # seconds until calls must be taken; an idle machine needs 3, and 10 are promised
_POLL = 0.05
_POLL_CALLS = 0.3  # seconds
_RESTART_PAUSE = 1.0  # seconds until the next start of a process that died soon after its start
_SOON = 5.0  # seconds
# Until a frozen engine is killed, every caller whose script it runs has to wait: 2 s at most.
_ENGINE = Patience(every=0.3, silent=1.2, busy=6.0, boot=_BOOT)
_CALLS_FIRST = 1.0  # seconds between two engines, because the calls of the earlier engine need the processors first
_ASTERISK = Patience(every=1.0, silent=3.0, busy=3.0, boot=_BOOT)
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Environment: numpy computes in the thread that asks. On a busy machine a second one keeps a search waiting."""
# Several threads in turn import records. The C library would give each thread an arena, and an arena stays as large as
# the most memory that its thread ever used.
_FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
_DATABASE = "HOTLINE_DATABASE"  # environment: the URL of the call records, with its password
_LAST_CALLS = 3.0  # seconds that a second signal leaves to Asterisk


class Supervisor:
    """Starts, watches and ends the processes of one hotline."""

    def __init__(
        self,
        home: Home,
        facts: HotlineFacts,
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
        self._environment = {**os.environ, **ONE_THREAD, **_FEW_ARENAS, _DATABASE: database}
        self._desk = DeskKeeper(home, self._environment, say)
        self._console = Console(home.asterisk_socket)
        self._signals = 0
        self._signalled = asyncio.Event()
        self._asterisk: asyncio.subprocess.Process | None = None
        self._engine: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Run until a signal ends it.

        Raises:
            RuntimeProblem: the hotline could not be made ready; all its processes are ended.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)
        try:
            await self._start_asterisk()
            await self._start_engine()
            await self._until_ready()
            if self._signals == 0:
                desk = f"  desk: https://{self._facts.web_server}" if self._facts.web else ""
                self._say(f"ready: sip:12345@{self._facts.server}{desk}")
                await self._try_call_script()
            await self._watch()
            await self._finish_calls()
        finally:
            await self._end()

    def _on_signal(self) -> None:
        self._signals += 1
        self._signalled.set()

    async def _start_asterisk(self) -> None:
        with (self._home.log / "asterisk.out").open("ab") as output:
            # Call scripts inherit Asterisk's environment, which therefore lacks the database's password.
            environment = {name: value for name, value in os.environ.items() if name != _DATABASE}
            self._asterisk = await child.start(self._asterisk_command, output, environment)

    async def _start_engine(self) -> None:
        self._engine = await child.start(self._engine_command, None, self._environment)

    async def _until_ready(self) -> None:
        """Wait until Asterisk has booted as configured and the engine answers."""
        of_engine, of_asterisk = list[str](), [_("Asterisk has not finished starting")]
        try:
            async with asyncio.timeout(_BOOT):
                while (of_asterisk or of_engine) and not self._signals:
                    self._check_running()
                    await asyncio.sleep(_POLL)
                    if of_asterisk:  # after Asterisk's first right answer, only the engine is asked
                        of_asterisk = await self._problems_of_asterisk()
                    of_engine = await self._problems_of_engine()
        except TimeoutError:
            raise RuntimeProblem(
                _("not ready within {s:g} s: {wrong}; see {log}").format(
                    s=_BOOT, wrong="; ".join((*of_asterisk, *of_engine)), log=self._home.log
                )
            ) from None

    async def _try_call_script(self) -> None:
        """Warn if no call script can run without the engine."""
        process = await child.start(self._settings.script_command)
        if await process.wait() != 0:
            text = _("no call script runs without the engine; if the engine fails, the dialplan routes calls by number")
            self._say(text)

    def _check_running(self) -> None:
        for name, process in (("Asterisk", self._asterisk), (_("the engine"), self._engine)):
            if process is not None and process.returncode is not None:
                text = _("{name} ended at once (exit {code}); see {log}")
                raise RuntimeProblem(text.format(name=name, code=process.returncode, log=self._home.log))

    async def _problems_of_asterisk(self) -> list[str]:
        try:
            await self._console.run("core waitfullybooted")
            return await differences(self._console, self._settings)
        except ConsoleError:
            return [_("Asterisk's console does not answer")]

    async def _problems_of_engine(self) -> list[str]:
        try:
            await asyncio.to_thread(control_client.ask, self._home, "ping")
        except (control_client.NotRunning, control_client.RequestRefused) as error:
            return [str(error)]
        return []

    async def _watch(self) -> None:
        """Restart each process that dies, until a signal comes."""
        watches = [self._keep_asterisk(), self._keep_engine(), reserve.keep(self._home.reserve, self._say)]
        if self._facts.web:
            watches.append(self._desk.keep())
        keepers = [asyncio.ensure_future(watch) for watch in watches]
        signalled = asyncio.ensure_future(self._signalled.wait())
        if not self._signals:
            await asyncio.wait({signalled, *keepers}, return_when=asyncio.FIRST_COMPLETED)
        for keeper in keepers:
            if keeper.done():
                keeper.result()  # raises, because a keeper ends only by an error
        await child.settle(signalled, *keepers)

    async def _keep_engine(self) -> None:
        """Restart the engine when it dies; kill it when it is frozen, so that its callers go on without it."""
        while True:
            assert self._engine
            pid = self._engine.pid
            silent = until_silent(self._engine_answers, _ENGINE, partial(is_slow, pid))
            stopped = until_stopped(partial(is_stopped, pid))
            async with child.running_meanwhile(self._engine.wait(), silent, stopped) as watches:
                await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
                if not watches[0].done():
                    await child.kill(self._engine)
                    self._say(_("the engine did not answer any more, and was ended"))
            self._say(_("the engine ended (exit {code}); starting it again").format(code=self._engine.returncode))
            await asyncio.sleep(_CALLS_FIRST)
            await self._start_engine()

    async def _keep_asterisk(self) -> None:
        """Restart Asterisk if it dies. If it only does not answer, print a message, because its calls may go on."""
        while True:
            assert self._asterisk
            started = asyncio.get_running_loop().time()
            policy = stop_interruptions(self._asterisk.pid, self._console)
            async with child.running_meanwhile(self._say_when_asterisk_is_silent(), policy):
                await self._asterisk.wait()
            self._say(_("Asterisk ended (exit {code}); starting it again").format(code=self._asterisk.returncode))
            await _pause_before_restart(started)
            await self._start_asterisk()

    async def _say_when_asterisk_is_silent(self) -> None:
        while True:
            await until_silent(self._asterisk_answers, _ASTERISK)
            text = _("Asterisk does not answer; if this goes on, end process {pid}, and 'ivr up' starts Asterisk again")
            self._say(text.format(pid=self._asterisk.pid if self._asterisk else 0))
            await until_answer(self._asterisk_answers, _ASTERISK)
            self._say(_("Asterisk answers again"))

    async def _engine_answers(self, seconds: float) -> bool:
        return await ping.answers(self._home.control_socket, seconds)

    async def _asterisk_answers(self, seconds: float) -> bool:
        try:
            await self._console.run("core show uptime", seconds)
        except ConsoleError:
            return False
        return True

    async def _finish_calls(self) -> None:
        """Take no new calls, and wait until calls in progress end or a second signal comes.

        A caller in a queue is still served. Asterisk's `stop gracefully` is not used, because after it no phone rings.
        A new caller hears the prompt of `[stopping]`; the hotline does not wait for the end of such a call.
        """
        assert self._asterisk
        self._say(
            _("stopping: new callers are turned away; waiting for the calls in progress (Ctrl-C again ends them)")
        )
        ended = asyncio.ensure_future(self._asterisk.wait())
        try:
            await self._console.run(f"dialplan set global {Variable.STATE} stopping")
            over = asyncio.ensure_future(self._until_channels(lambda listing: not calls_in_progress(listing)))
            while self._signals < 2 and not ended.done() and not over.done():
                self._signalled.clear()
                signalled = asyncio.ensure_future(self._signalled.wait())
                await asyncio.wait({ended, over, signalled}, return_when=asyncio.FIRST_COMPLETED)
                signalled.cancel()
            await child.settle(over)
            if not ended.done():  # tell the phones, because Asterisk does not tell them when it ends
                await self._console.run("channel request hangup all")
                hung_up = asyncio.ensure_future(self._until_channels(lambda listing: not listing.strip()))
                await asyncio.wait({hung_up, ended}, timeout=_LAST_CALLS, return_when=asyncio.FIRST_COMPLETED)
                await child.settle(hung_up)
        except ConsoleError as error:
            self._say(str(error))
        await child.settle(ended)

    async def _until_channels(self, over: Callable[[str], bool]) -> None:
        """Return when ``over`` is true of Asterisk's list of channels.

        If Asterisk is too busy to answer, it is asked again. The caller of this method notices the end of Asterisk.
        """
        while True:
            with contextlib.suppress(ConsoleError):
                if over(await self._console.run("core show channels concise")):
                    return
            await asyncio.sleep(_POLL_CALLS)

    async def _end(self) -> None:
        """End all processes; the engine last, so that it records the end of the last calls."""
        await self._desk.end()
        for process, seconds in ((self._asterisk, _LAST_CALLS), (self._engine, _BOOT)):
            if process is not None:
                await child.end(process, seconds)
        self._home.control_socket.unlink(missing_ok=True)
        self._say(_("stopped"))


async def _pause_before_restart(started: float) -> None:
    """Wait a while if the process that was started at ``started`` has ended soon."""
    if asyncio.get_running_loop().time() < started + _SOON:
        await asyncio.sleep(_RESTART_PAUSE)
