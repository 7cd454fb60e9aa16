"""The cost of peers: other libraries steer the call of the bare dialplan, with five AGI commands a call.

The commands: ask for a variable, answer, play the prompt, dial the center, ask how the dial ended. panoramisk's own
FastAGI application runs in a process of its own; pyst2 is a process for each call.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

PANORAMISK, PYST2 = "12301", "12302"
"""The numbers of the bare dialplan that lead to each peer."""

_PANORAMISK = """\
import asyncio
import sys

from panoramisk import fast_agi


async def peer(request):
    for command in (
        "GET FULL VARIABLE ${{CALLERID(num)}}",
        "ANSWER",
        'STREAM FILE {prompt} ""',
        "EXEC Dial {center},25,g",
        "GET FULL VARIABLE ${{DIALSTATUS}}",
    ):
        await request.send_command(command)


async def main():
    application = fast_agi.Application()
    application.add_route("peer", peer)
    server = await asyncio.start_server(application.handler, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
"""
_PYST2 = """\
#!{python}
import os
import sys

sys.stderr = open(os.devnull, "w")
from asterisk.agi import AGI

agi = AGI()
agi.get_full_variable("${{CALLERID(num)}}")
agi.answer()
agi.stream_file("{prompt}")
agi.appexec("Dial", "{center},25,g")
agi.get_full_variable("${{DIALSTATUS}}")
"""
DIALPLAN = """\
exten => {panoramisk},1,AGI(agi://127.0.0.1:{port}/peer)
 same => n,Hangup()
exten => {pyst2},1,AGI(pyst2)
 same => n,Hangup()
"""


@contextmanager
def panoramisk(prompt: str, center: str) -> Iterator[tuple[psutil.Process, int]]:
    """Run panoramisk's FastAGI application; yield its process and its port."""
    program = _PANORAMISK.format(prompt=prompt, center=center)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield psutil.Process(process.pid), int(process.stdout.readline())
        finally:
            process.kill()


def write_pyst2(folder: Path, prompt: str, center: str) -> None:
    """Write pyst2's program where Asterisk looks for AGI programs."""
    folder.mkdir(exist_ok=True)
    program = folder / "pyst2"
    program.write_text(_PYST2.format(python=sys.executable, prompt=prompt, center=center), encoding="utf-8")
    program.chmod(0o700)
