"""keepalived on two hosts of a `Lan`, configured by a file of deploy/cluster: one host carries an address."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from testkit.hotline.running import ROOT
from testkit.provision.packaged_programs import KEEPALIVED
from trials.cluster.lan import Lan

_DEPLOY = ROOT / "deploy" / "cluster"
_BOOT = 30.0  # seconds
_PRIORITY = "priority 250"  # in the files of deploy/cluster
_INSTALLED = "/etc/keepalived/"


class AddressPair:
    """Two hosts, one of which carries a floating address; entering the context gives it to the first host."""

    def __init__(
        self, lan: Lan, address: str, hosts: tuple[str, str], configuration: str, examples: tuple[str, str]
    ) -> None:
        """Prepare the configuration of both hosts.

        Args:
            lan: the network of the hosts.
            address: the name of the floating address.
            hosts: the names of the hosts.
            configuration: the name of a file of deploy/cluster.
            examples: the floating address in that file, and the host's own address.
        """
        self._lan, self._address, self._hosts = lan, address, hosts
        floating, self._host = examples
        self._text = (_DEPLOY / configuration).read_text(encoding="utf-8").replace(floating, lan.address(address))
        self._folder = Path(tempfile.mkdtemp(prefix="keepalived-test-"))
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        first, second = self._hosts
        try:
            self._start(first)
            self._until_carried_by(first)
            self._start(second)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        for host in list(self._running):
            self._stop(host)
        shutil.rmtree(self._folder)

    @property
    def carrier(self) -> str:
        """Return the host that carries the address."""
        return next(host for host in self._hosts if self._carries(host))

    @property
    def other(self) -> str:
        """Return the host that does not carry the address."""
        carrier = self.carrier
        return next(host for host in self._hosts if host != carrier)

    def until_moved_from(self, host: str) -> None:
        """Wait until the other host carries the address."""
        self._until_carried_by(next(other for other in self._hosts if other != host))

    @contextmanager
    def stopped(self, host: str) -> Iterator[None]:
        """End keepalived at a host for as long as the block runs; if it carried the address, the other then does."""
        carried = self._carries(host)
        self._stop(host)
        if carried:
            self.until_moved_from(host)
        yield
        self._start(host)

    def _start(self, host: str) -> None:
        text = self._text.replace(self._host, self._lan.address(host)).replace(_INSTALLED, f"{_DEPLOY}/")
        text = text.replace(_PRIORITY, f"priority {250 - 10 * self._hosts.index(host)}")
        files = {name: self._folder / f"{host}.{name}" for name in ("conf", "pid", "vrrp", "checkers", "printed")}
        files["conf"].write_text(text, encoding="utf-8")
        command = [KEEPALIVED.program(), "--dont-fork", "--log-console", "--log-detail", "-f", files["conf"]]
        command += ["-p", files["pid"], "-r", files["vrrp"], "-c", files["checkers"]]
        with self._lan.inside(host), files["printed"].open("ab") as output:
            self._running[host] = subprocess.Popen(command, stdout=output, stderr=output)

    def _stop(self, host: str) -> None:
        process = self._running.pop(host)
        process.terminate()
        process.wait(10)

    def _until_carried_by(self, host: str) -> None:
        deadline = time.monotonic() + _BOOT
        while not self._carries(host):
            printed = (self._folder / f"{host}.printed").read_text(encoding="utf-8", errors="replace")
            assert time.monotonic() < deadline, f"{host} does not carry {self._address}:\n{printed}"
            time.sleep(0.02)

    def _carries(self, host: str) -> bool:
        return self._lan.carries(host, self._address)
