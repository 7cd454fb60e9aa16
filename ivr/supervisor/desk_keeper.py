"""The desk's process: started when calls are taken, restarted when it dies or is frozen. No call waits for it."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from functools import partial

from ivr.control import ping
from ivr.runtime.layout import Home
from ivr.supervisor import child
from ivr.supervisor.heartbeat import Patience, is_slow, until_silent
from ivr.texts import _

_PATIENCE = Patience(every=1.0, silent=4.0, busy=30.0, boot=60.0)  # because calls get the processors first
_LAST_PAGES = 3.0  # seconds in which the process has to end
_FIRST_PAUSE, _LONGEST_PAUSE = (
    1.0,
    30.0,
)  # seconds until the next start; doubled each time that the process dies at once
_SOON = 10.0  # seconds


class DeskKeeper:
    """Keeps the desk's process."""

    def __init__(self, home: Home, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        """``environment`` holds the URL of the call database."""
        self._home, self._environment, self._say = home, environment, say
        self._process: asyncio.subprocess.Process | None = None

    async def keep(self) -> None:
        """Start the process, and start it again each time it ends; never return."""
        command = (sys.executable, "-m", "ivr.desk", "--home", str(self._home.root))
        clock, pause = asyncio.get_running_loop().time, _FIRST_PAUSE
        while True:
            started = clock()
            with (self._home.log / "desk.out").open("ab") as output:
                self._process = await child.start(command, output, self._environment)
            silent = until_silent(self._answers, _PATIENCE, partial(is_slow, self._process.pid))
            async with child.running_meanwhile(self._process.wait(), silent) as watches:
                await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
                if not watches[0].done():
                    await child.kill(self._process)
                    self._say(_("the desk did not answer any more, and was ended"))
            text = _("the desk ended (exit {code}); starting it again; see {log}")
            self._say(text.format(code=self._process.returncode, log=self._home.log))
            pause = _FIRST_PAUSE if clock() > started + _SOON else min(2 * pause, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def end(self) -> None:
        """End the process. The pages connect again when the hotline is back."""
        if self._process is not None:
            await child.end(self._process, _LAST_PAGES)

    async def _answers(self, seconds: float) -> bool:
        return await ping.answers(self._home.desk_socket, seconds)
