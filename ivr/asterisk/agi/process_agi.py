"""A call script as an AGI process of its own, used if the FastAGI server cannot be reached.

Scripts and `Call` are the same as over FastAGI; pyst2's `AGI` sends the commands. A call starts 100 ms later, and gets
the whole service. Asterisk runs the program as ``AGI(/path/to/program,NAME,ARG…)``.
"""

import asyncio
import io
import logging
import os
import signal
import sys
from collections.abc import Mapping
from typing import TextIO

from asterisk.agi import AGI, AGIHangup

from ivr.asterisk.agi import headers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.reply import Replies, Reply
from ivr.asterisk.agi.script import Script, run_script
from ivr.texts import _

_HEADER_SECONDS = 3.0

log = logging.getLogger(__name__)


class _Process:
    """Sends through pyst2, but reads the replies itself, because pyst2 raises on a closed pipe and waits for ever."""

    def __init__(self, block: Mapping[str, str], reader: asyncio.StreamReader, chatter: TextIO) -> None:
        text = "".join(f"{key}: {value}\n" for key, value in block.items()) + "\n"
        # pyst2 writes every line, the caller's number included, to the stderr that it knows
        self._agi = AGI(stdin=io.StringIO(text), stdout=_unbuffered_output(), stderr=chatter)
        self._replies = Replies(reader)

    @property
    def hung_up(self) -> bool:
        try:
            self._agi.test_hangup()  # pyst2 handles SIGHUP, with which Asterisk tells a process of a hang-up
        except AGIHangup:
            return True
        return self._replies.hung_up

    async def send(self, command: str) -> Reply:
        signal.setitimer(
            signal.ITIMER_REAL, 0
        )  # cancels the timer of ivr.engine.script_process, which ends the process
        self._replies.settle()
        self._agi.send_command(command)
        return await self._replies.next()


def _unbuffered_output() -> TextIO:
    """Return standard output in UTF-8 for any locale, unbuffered, because the pipe may be closed at exit."""
    return io.TextIOWrapper(io.FileIO(1, "wb", closefd=False), "utf-8", write_through=True)


def run_process_agi(scripts: Mapping[str, Script]) -> None:
    """Run a call script for the call on standard input and output; from the main thread, once a process.

    Asterisk's first argument names the script, like the path of a FastAGI address; the script gets the other arguments.
    """
    asyncio.run(_serve(scripts))


async def _serve(scripts: Mapping[str, Script]) -> None:
    reader = asyncio.StreamReader(limit=headers.LONGEST)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        block = await headers.read(reader, _HEADER_SECONDS)
        script, block = _script_and_headers(scripts, block)
    except headers.HeaderError as error:
        log.error(_("AGI: %s"), error)
        return
    with open(os.devnull, "w", encoding="utf-8") as chatter:  # noqa: ASYNC230, PTH123  a device, never slow
        await run_script(script, Call(block, _Process(block, reader, chatter)))


def _script_and_headers(scripts: Mapping[str, Script], block: Mapping[str, str]) -> tuple[Script, dict[str, str]]:
    """Return the script that the first argument names, and the headers without that argument.

    Raises:
        HeaderError: there is no such script.
    """
    arguments = [block[key] for number in range(1, headers.MOST) if (key := f"agi_arg_{number}") in block]
    name = arguments[0] if arguments else ""
    if name not in scripts:
        raise headers.HeaderError(_("there is no call script {name}").format(name=ascii(name[:80])))
    other_headers = {key: value for key, value in block.items() if not key.startswith("agi_arg_")}
    return scripts[name], other_headers | {f"agi_arg_{at}": value for at, value in enumerate(arguments[1:], 1)}
