"""The front: Kamailio on one or two machines, one of which has the front's address."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from testkit.hotline.running import IVR
from testkit.ims import answers_options
from trials.cluster.lan import Lan
from trials.cluster.loopback import Loopback

ADDRESS = "front"
_SIP, _PAIR = 5060, 5066
_BOOT = 60.0  # seconds
_KEEPALIVED = 1.2  # seconds until keepalived moves the address, by deploy/cluster/keepalived.conf: 3 × 0.3, and a skew


class RunningFront:
    """``ivr front`` on one machine."""

    def __init__(self, lan: Lan | Loopback, machine: str, cluster: str, numbers: Path, secrets: Path) -> None:
        self._lan, self.machine = lan, machine
        self.site = Path(tempfile.mkdtemp(prefix="front-test-"))
        self.site.chmod(0o755)
        shutil.copy(numbers, self.site / "numbers.yaml")
        self.write(cluster)
        (self.site / "var").mkdir(mode=0o700)
        shutil.copy(secrets, self.site / "var/secrets.json")
        self.printed = self.site / "printed.txt"

    def write(self, cluster: str) -> None:
        """Change cluster.yaml; the next start follows it."""
        (self.site / "cluster.yaml").write_text(cluster, encoding="utf-8")

    def start(self, *, alone: bool) -> None:
        """Start the front, and wait until it answers; a machine of a pair is asked at the port between the two."""
        environment = {**os.environ, "LANG": "C.UTF-8"}
        machine = self._lan.address(self.machine)
        with self._lan.inside(self.machine), self.printed.open("ab") as output:
            command = [str(IVR), "front", "--home", str(self.site), "--machine", machine]
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, env=environment, start_new_session=True
            )
        deadline = time.monotonic() + _BOOT
        with self._lan.inside("phones"):
            while not answers_options(machine, _SIP if alone else _PAIR):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"the front did not start:\n{self.printed.read_text()}")

    def kill(self) -> None:
        """Kill all processes of the front."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def processes(self) -> list[psutil.Process]:
        """Kamailio's processes, so that a trial can measure their memory."""
        main = psutil.Process(self.process.pid)
        return [main, *main.children(recursive=True)]

    def close(self) -> None:
        """Kill the front, and delete its folder."""
        if hasattr(self, "process"):
            self.kill()
        shutil.rmtree(self.site)


class FrontPair:
    """One or two machines; the first has the address."""

    def __init__(
        self, lan: Lan | Loopback, machines: tuple[str, ...], cluster: str, numbers: Path, secrets: Path
    ) -> None:
        self._lan = lan
        self._fronts = [RunningFront(lan, machine, cluster, numbers, secrets) for machine in machines]

    def start(self) -> None:
        """Start all; `close` ends them."""
        if len(self._fronts) > 1:
            self._lan.carry(ADDRESS, self.active.machine)
        for front in self._fronts:
            front.start(alone=len(self._fronts) == 1)

    @property
    def active(self) -> RunningFront:
        """The machine that has the address."""
        return self._fronts[0]

    def take_over(self) -> None:
        """Kill the front that has the address, and give the address to the other machine when keepalived would."""
        self.active.kill()
        time.sleep(_KEEPALIVED)
        self._fronts.reverse()
        self._lan.carry(ADDRESS, self.active.machine)

    def repair(self) -> None:
        """Start the killed front again; the address stays with the other machine."""
        self._fronts[1].start(alone=False)

    def follow(self, cluster: str) -> None:
        """Put another cluster.yaml in force, first at the machine without the address, which then gets it."""
        for _machine in self._fronts:
            other = self._fronts[1]
            other.write(cluster)
            other.kill()
            other.start(alone=False)
            self._fronts.reverse()
            self._lan.carry(ADDRESS, self.active.machine)

    def close(self) -> None:
        """End all."""
        for front in self._fronts:
            front.close()
