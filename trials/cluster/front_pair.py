"""The front: Kamailio on one or two machines, one of which has the front's address."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psutil

from testkit.ims import answers_options
from trials.cluster.address_pair import AddressPair
from trials.cluster.lan import Lan
from trials.cluster.loopback import Loopback

ADDRESS = "front"
_SIP, _PAIR = 5060, 5066
_BOOT = 60.0  # seconds
_ENVIRONMENT = {**os.environ, "LANG": "C.UTF-8", "PYTHONSAFEPATH": "1"}
_EXAMPLES = ("192.0.2.9", "192.0.2.7")  # the front's address and a machine's in deploy/cluster/keepalived.conf


class RunningFront:
    """``ivr front`` on one machine."""

    def __init__(
        self, lan: Lan | Loopback, machine: str, cluster: str, numbers: Path, secrets: Path, program: Path
    ) -> None:
        self._lan, self.machine, self.program = lan, machine, program
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
        machine = self._lan.address(self.machine)
        with self._lan.inside(self.machine), self.printed.open("ab") as output:
            command = [str(self.program), "front", "--home", str(self.site), "--machine", machine]
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, env=_ENVIRONMENT, start_new_session=True
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

    def stop(self) -> None:
        """End the front as systemd does."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(_BOOT)

    def wait_for_other(self) -> None:
        """Wait until the other machine can take the address, as an admin does before this front is started again."""
        words = ("front", "--home", self.site, "--machine", self._lan.address(self.machine), "--wait-for-other")
        with self._lan.inside(self.machine):
            done = subprocess.run([self.program, *words], capture_output=True, text=True, env=_ENVIRONMENT, check=False)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"

    def freeze(self) -> None:
        """Freeze all processes of the front."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let all processes of the front go on."""
        os.killpg(self.process.pid, signal.SIGCONT)

    @property
    def processes(self) -> list[psutil.Process]:
        """Return the processes of Kamailio, so that a trial can measure them."""
        main = psutil.Process(self.process.pid)
        return [main, *main.children(recursive=True)]

    def close(self) -> None:
        """Kill the front, and delete its folder."""
        if hasattr(self, "process"):
            self.kill()
        shutil.rmtree(self.site)


class FrontPair:
    """One machine, or two machines of which keepalived gives one the address."""

    def __init__(
        self, lan: Lan | Loopback, machines: tuple[str, ...], cluster: str, numbers: Path, secrets: Path,
        program: Path,
    ) -> None:  # fmt: skip
        self._fronts = {machine: RunningFront(lan, machine, cluster, numbers, secrets, program) for machine in machines}
        self._resources = ExitStack()
        self._pair: AddressPair | None = None
        if isinstance(lan, Lan):
            first, second = machines
            self._pair = AddressPair(lan, ADDRESS, (first, second), "keepalived.conf", _EXAMPLES)

    def start(self) -> None:
        """Start the front of each machine; `close` ends them."""
        for front in self._fronts.values():
            front.start(alone=self._pair is None)
        if self._pair:
            self._resources.enter_context(self._pair)

    @property
    def active(self) -> RunningFront:
        """Return the front of the machine that has the address."""
        return self._fronts[self._pair.carrier] if self._pair else next(iter(self._fronts.values()))

    def fail(self, end: Callable[[RunningFront], object]) -> None:
        """End the front that has the address in some way; wait until the other machine has the address."""
        assert self._pair
        self.failed = self.active
        end(self.failed)
        self._pair.until_moved_from(self.failed.machine)

    def take_over(self) -> None:
        """Kill the front that has the address."""
        self.fail(RunningFront.kill)

    def repair(self) -> None:
        """Start the killed front again; the address stays with the other machine."""
        self.failed.start(alone=False)

    def thaw(self) -> None:
        """Let the frozen front go on; the address stays with the other machine."""
        self.failed.thaw()

    def follow(self, cluster: str) -> None:
        """Put another cluster.yaml in force."""
        self._start_each_again(lambda front: front.write(cluster))

    def upgrade(self, program: Path) -> None:
        """Start another version."""
        self._start_each_again(lambda front: setattr(front, "program", program))

    def _start_each_again(self, change: Callable[[RunningFront], object]) -> None:
        """Restart each machine's front by the steps of docs/cluster.md, first that of the machine without the address.

        keepalived ends before its front and starts after it, because of deploy/cluster/keepalived-front.conf.
        """
        assert self._pair
        first = self._fronts[self._pair.other]
        for front in (first, *(each for each in self._fronts.values() if each is not first)):
            change(front)
            if front is not first:
                front.wait_for_other()
            with self._pair.stopped(front.machine):
                front.stop()
                front.start(alone=False)

    def close(self) -> None:
        """End the front of each machine."""
        self._resources.close()
        for front in self._fronts.values():
            front.close()
