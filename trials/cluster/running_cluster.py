"""A cluster on this machine: PostgreSQL, nodes, a front, a carrier and phones, each a host of a `Lan`."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from testkit.hotline.running import IVR, RunningHotline
from testkit.ims import answers_options
from testkit.provision.databases import new_database, running_postgres
from testkit.signalling import Port
from trials.cluster.lan import Lan
from trials.cluster.loopback import Loopback

NODES = ("north", "south", "west")
_FIRST = 11  # last number of the first node's address
_HOSTS = {"base": 2, "carrier": 3, "phones": 4, "citizens": 5, "front": 9}
_BOOT = 60.0  # seconds
_CALLS = 100


class NodeHotline(RunningHotline):
    """One node."""

    def __init__(self, name: str, cluster: str, numbers: dict[str, Any], url: str) -> None:
        super().__init__(None, numbers, HOTLINE_DATABASE=url)
        self.name = name
        (self.home.parent / "cluster.yaml").write_text(cluster, encoding="utf-8")

    def command(self) -> list[str]:
        """The command of docs/cluster.md: all else stands in cluster.yaml."""
        options = {"--home": self.home, "--numbers": self.numbers, "--node": self.name, "--web": "none"}
        return [str(IVR), "up", *(str(word) for option in options.items() for word in option)]


class RunningFront:
    """``ivr front``."""

    def __init__(self, lan: Lan | Loopback, cluster: str, numbers: Path, secrets: Path) -> None:
        self._lan = lan
        self.site = Path(tempfile.mkdtemp(prefix="front-test-"))
        self.site.chmod(0o755)
        shutil.copy(numbers, self.site / "numbers.yaml")
        (self.site / "cluster.yaml").write_text(cluster, encoding="utf-8")
        (self.site / "var").mkdir(mode=0o700)
        shutil.copy(secrets, self.site / "var/secrets.json")
        self.printed = self.site / "printed.txt"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        environment = {**os.environ, "LANG": "C.UTF-8"}
        with self._lan.inside("front"), self.printed.open("ab") as output:
            command = [str(IVR), "front", "--home", str(self.site)]
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, env=environment, start_new_session=True
            )
        deadline = time.monotonic() + _BOOT
        with self._lan.inside("phones"):
            while not answers_options(self._lan.address("front"), 5060):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"the front did not start:\n{self.printed.read_text()}")

    def kill(self) -> None:
        """End it and all its processes at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def close(self) -> None:
        """End it, and take its folder away."""
        self.kill()
        shutil.rmtree(self.site)


class RunningCluster:
    """The whole of it; entering it waits until calls are taken."""

    def __init__(
        self, numbers: dict[str, Any], nodes: tuple[str, ...] = NODES, network: type[Lan] | type[Loopback] = Lan
    ) -> None:
        self._numbers, self.names = numbers, nodes
        self.lan = network({**_HOSTS, **{name: _FIRST + at for at, name in enumerate(nodes)}})
        self.nodes: dict[str, NodeHotline] = {}
        self._resources = ExitStack()

    async def open(self) -> Self:
        """Start everything; `close` ends it."""
        try:
            await self._open()
        except BaseException:
            self.close()
            raise
        return self

    async def _open(self) -> None:
        lan = self._resources.enter_context(self.lan)
        with lan.inside("base"):
            socket = self._resources.enter_context(running_postgres(lan.address("base")))
        url = self._resources.enter_context(new_database(socket))
        self.url = url.replace("@/", f"@{lan.address('base')}/").partition("?")[0]
        self.carrier, self.phones, self.citizens = [
            await self._port(host) for host in ("carrier", "phones", "citizens")
        ]
        hosts = [f"{port.host}:{port.number}" for port in (self.carrier, self.citizens)]
        trunks = [
            {"name": "carrier", "profile": "sbc", "hosts": hosts[:1]},
            {"name": "mobile", "profile": "sbc", "hosts": hosts[1:], "order": 2},
        ]
        self._text = self._cluster_yaml()
        for name in self.names:
            self._start(name, {**self._numbers, "trunks": trunks})
        first = self.nodes[self.names[0]]
        self.front = RunningFront(lan, self._text, first.numbers, first.home / "secrets.json")
        self._resources.callback(self.front.close)
        self.front.start()
        for port in (self.carrier, self.phones, self.citizens):
            port.at(f"{lan.address('front')}:5060")
        self.until("open", *self.names, ask=self.names[0])

    async def _port(self, host: str) -> Port:
        with self.lan.inside(host):
            port = await Port(self.lan.address(host)).open()
        self._resources.callback(port.close)
        return port

    def _start(self, name: str, numbers: dict[str, Any]) -> None:
        node = NodeHotline(name, self._text, numbers, self.url)
        if self.nodes:
            node.home.mkdir(mode=0o700)
            shutil.copy(self.nodes[self.names[0]].home / "secrets.json", node.home / "secrets.json")
        self.nodes[name] = node
        with self.lan.inside(name):
            self._resources.enter_context(node)

    def start_again(self, name: str) -> None:
        """Start a node that has ended."""
        with self.lan.inside(name):
            self.nodes[name].start()

    def until(self, state: str, *names: str, ask: str) -> None:
        """Wait until these nodes are in a state, by what the node ``ask`` sees."""
        deadline = time.monotonic() + _BOOT
        while True:
            states = {one["node"]: one["state"] for one in self.nodes[ask].ask("nodes")}
            if all(states.get(name) == state for name in names):
                return
            assert time.monotonic() < deadline, states
            time.sleep(0.1)

    def close(self) -> None:
        """End everything."""
        self._resources.close()

    def _cluster_yaml(self) -> str:
        nodes = {name: {"address": self.lan.address(name), "calls": _CALLS} for name in self.names}
        front = {"address": self.lan.address("front"), "machines": [self.lan.address("front")]}
        content = {"database": self.url, "front": front, "nodes": nodes}
        return yaml.safe_dump(content, sort_keys=False)

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
