"""A bare Kamailio beside the front: it relays each call statefully, is on its Route, and does nothing else."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from ivr.cluster.front_process import FrontProcess
from ivr.runtime import kamailio
from testkit.ims import answers_options
from testkit.signalling import Port, SignallingCall
from trials.cluster.running_cluster import RunningCluster

_PORT = 5070
_BOOT = 60.0  # seconds
_TALK = 0.1
_CONFIG = """#!KAMAILIO
debug=0
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:{host}:{port}
listen=tcp:{host}:{port}
mpath="{modules}"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {{
    if (method == "OPTIONS") {{ sl_send_reply("200", "OK"); exit; }}
    if (has_totag()) {{ loose_route(); t_relay(); exit; }}
    record_route();
    $du = "sip:{callee}";
    t_relay();
}}
"""
_RUN = (
    "import sys; from pathlib import Path; from ivr.cluster.front_process import FrontProcess; "
    "from ivr.runtime import kamailio; FrontProcess(kamailio.program(), Path(sys.argv[1])).run()"
)


class BareFront:
    """It runs at the machine of the active front, between a caller and a callee of their own."""

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster = cluster

    async def __aenter__(self) -> Self:
        lan, machine = self._cluster.lan, self._cluster.front.active.machine
        self._folder = Path(tempfile.mkdtemp(prefix="bare-front-"))
        self._caller, self._callee = [await self._port(host) for host in ("citizens", "carrier")]
        self._callee.on_invite = SignallingCall.answer
        self._caller.on_answer = lambda leg: asyncio.get_running_loop().call_later(_TALK, leg.hang_up)
        program, host = kamailio.program(), lan.address(machine)
        callee = f"{self._callee.host}:{self._callee.number}"
        config = _CONFIG.format(host=host, port=_PORT, modules=program.modules, callee=callee)
        front = FrontProcess(program, self._folder / "kamailio")
        with lan.inside(machine):
            self._process = _start(front, config)
        deadline = time.monotonic() + _BOOT
        with lan.inside("phones"):
            while not answers_options(host, _PORT):
                assert self._process.poll() is None, "the bare Kamailio ended"
                assert time.monotonic() < deadline, "the bare Kamailio did not start"
        for port in (self._caller, self._callee):
            port.at(f"{host}:{_PORT}")
        return self

    @property
    def processes(self) -> list[psutil.Process]:
        """Kamailio's processes."""
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    async def calls(self, calls: int, a_second: float) -> int:
        """Let calls go through it; return how many failed."""
        legs = []
        for at in range(calls):
            legs.append(self._caller.call("12345", f"136{at:08}"))
            await asyncio.sleep(1 / a_second)
        await asyncio.sleep(1)
        return sum(not leg.answered or not leg.ended for leg in legs)

    async def _port(self, host: str) -> Port:
        with self._cluster.lan.inside(host):
            return await Port(self._cluster.lan.address(host)).open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for port in (self._caller, self._callee):
            port.close()
        shutil.rmtree(self._folder)


def _start(front: FrontProcess, config: str) -> subprocess.Popen[bytes]:
    front.write(config, "")
    command = [sys.executable, "-c", _RUN, str(front.folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
