"""The testbed: a hotline as an admin starts it, the bare dialplan beside it, and the carrier of both."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from testkit.hotline import processes
from testkit.hotline.running import RunningHotline, free_udp_port, registry
from testkit.phones import tones
from trials.bench.calls import peers
from trials.bench.calls.bare import Bare
from trials.bench.calls.sipp_carrier import SippCarrier

NUMBER, PROMPT = "12313", "center-connecting"  # a sub-center's number, and the first prompt of its callers
_HEARD = 0.2  # seconds of each prompt that are kept
_RTP_PORTS = (
    "61000-65499"  # above the ports that Linux uses for outgoing connections, and above the ports that hotlines use
)


class WideHotline(RunningHotline):
    """A hotline with RTP ports for more than the usual 120 calls."""

    def command(self) -> list[str]:
        """Return the command with more RTP ports."""
        return [*super().command(), "--rtp", _RTP_PORTS]


@dataclass
class Testbed:
    """The measured hotline and bare dialplan, and the carrier of both."""

    hotline: RunningHotline
    bare: Bare
    panoramisk: psutil.Process
    carrier: SippCarrier

    @property
    def asterisk(self) -> psutil.Process:
        """Return the process of the hotline's Asterisk."""
        return processes.asterisk(self.hotline)

    @property
    def ours(self) -> list[psutil.Process]:
        """Return the hotline's processes without Asterisk and its child processes."""
        asterisk_processes = {self.asterisk, *self.asterisk.children(recursive=True)}
        return [process for process in processes.tree(self.hotline) if process not in asterisk_processes]


@contextmanager
def running_testbed() -> Iterator[Testbed]:
    """Start the testbed; end and remove it also after a failure."""
    carrier = SippCarrier(free_udp_port())
    center = (
        f"PJSIP/carrier/sip:{NUMBER}@127.0.0.1:{carrier.port}"  # the center that the bare dialplan and the peers dial
    )
    trunk = {"name": "carrier", "hosts": [f"127.0.0.1:{carrier.port}"], "options": "false"}  # SIPp answers no OPTIONS
    limits = {"caller": 20, "trunk": 1000}
    hotline = WideHotline(f"127.0.0.1:{carrier.port}", registry(limits=limits, trunks=[trunk]))
    try:
        with hotline, peers.panoramisk(PROMPT, center) as (panoramisk, port):
            testbed = Testbed(hotline, Bare.__new__(Bare), panoramisk, carrier)
            shorten(hotline)
            testbed.bare = Bare(hotline, PROMPT, center, port)
            with testbed.bare:
                yield testbed
    finally:
        carrier.close()
        shutil.rmtree(hotline.home.parent, ignore_errors=True)


def sounds(hotline: RunningHotline) -> Path:
    """Return the link to a hotline's prompts."""
    return hotline.home / "share" / "sounds" / "zh"


def shorten(hotline: RunningHotline) -> None:
    """Cut each prompt to its first moment, because the bench measures calls and not sound."""
    owner = hotline.home.stat()
    short = hotline.home / "short"
    short.mkdir()
    for path in sounds(hotline).resolve().glob("*.wav"):
        tones.write_wav(short / path.name, tones.read_wav(path)[: round(_HEARD * tones.RATE)])
    for path in (short, *short.iterdir()):
        os.chown(path, owner.st_uid, owner.st_gid)
    link(hotline, short)


def link(hotline: RunningHotline, prompts: Path) -> None:
    """Let a hotline play the prompts of this folder."""
    sounds(hotline).unlink()
    sounds(hotline).symlink_to(prompts)


def cpu(*processes: psutil.Process) -> float:
    """Return the processor seconds of these processes and of their children that have ended."""
    return sum(sum(process.cpu_times()[:4]) for process in processes)


def memory(*processes: psutil.Process) -> float:
    """Return the resident memory of these processes in MB."""
    return sum(process.memory_info().rss for process in processes) / 1e6


def settle() -> None:
    """Wait until the records of the last calls are written."""
    time.sleep(3.0)
