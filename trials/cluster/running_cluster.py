"""A cluster on this machine: PostgreSQL, nodes, a front, a carrier and phones, each a host of a `Lan`."""

import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from ivr.control import control_client
from testkit.hotline.running import IVR, RunningHotline
from testkit.signalling import Port
from trials.cluster.database_pair import DatabasePair
from trials.cluster.front_pair import ADDRESS, FrontPair
from trials.cluster.lan import Lan
from trials.cluster.loopback import Loopback

NODES = ("north", "south", "west")
FOURTH = "east"  # a host from the start, and a node after `join`
_NODE_HOSTS = {"north": 11, "south": 12, "west": 13, FOURTH: 14}
_HOSTS = {"base": 2, "carrier": 3, "phones": 4, "citizens": 5, "replica": 6, "front1": 7, "front2": 8, **_NODE_HOSTS}
DESKS = "desks"  # the desks' common address, if the nodes run keepalived
_FLOATING = {ADDRESS: 9, DESKS: 10}
_BOOT = 60.0  # seconds
AWAY = (control_client.NotRunning, control_client.RequestRefused, OSError, TimeoutError)
"""The errors of a request to a node whose engine does not answer."""
_CALLS = 400
DESK_PORT = 8443
_RTP_PORTS = "20000-22999"


class NodeHotline(RunningHotline):
    """One node."""

    def __init__(
        self, name: str, cluster: str, numbers: dict[str, Any], *options: str, desk: str = "", program: Path = IVR
    ) -> None:
        """``desk``: HOST:PORT of its desk; "" for none."""
        super().__init__(None, numbers, PYTHONSAFEPATH="1")  # the code is the program's, not that of this folder
        self.program = program
        self.name, self._options, self.desk = name, options, desk
        self.write_cluster(cluster)

    def write_cluster(self, cluster: str) -> None:
        """Change cluster.yaml."""
        (self.home.parent / "cluster.yaml").write_text(cluster, encoding="utf-8")

    def command(self) -> list[str]:
        """Return the command of docs/cluster.md; cluster.yaml has the other settings."""
        options = {"--home": self.home, "--numbers": self.numbers, "--node": self.name}
        options |= {"--web": self.desk or "none"}
        return [str(self.program), "up", *(str(word) for option in options.items() for word in option), *self._options]


class RunningCluster:
    """The whole cluster; entering the context waits until it takes calls.

    On a `Lan` the front is a pair and the database has a standby; on `Loopback` both are single.
    """

    def __init__(
        self, numbers: dict[str, Any], nodes: tuple[str, ...] = NODES, network: type[Lan] | type[Loopback] = Lan,
        *, with_desks: bool = False, program: Path = IVR,
    ) -> None:  # fmt: skip
        """``program``: ``ivr`` of the version with which all nodes and the front begin."""
        self._numbers, self.names, self._with_desks, self._program = numbers, nodes, with_desks, program
        self.lan = network(_HOSTS, _FLOATING)
        self._pairs = isinstance(self.lan, Lan)
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
        self._resources.enter_context(self.lan)
        self.database = DatabasePair(self.lan, ("base", "replica") if self._pairs else ("base",))
        self._resources.callback(self.database.close)
        self.database.open()
        self.carrier, self.phones, self.citizens = [
            await self._port(host) for host in ("carrier", "phones", "citizens")
        ]
        hosts = [f"{port.host}:{port.number}" for port in (self.carrier, self.citizens)]
        self._trunks = [
            {"name": "carrier", "profile": "sbc", "hosts": hosts[:1]},
            {"name": "mobile", "profile": "sbc", "hosts": hosts[1:], "order": 2},
        ]
        self._machines = ("front1", "front2") if self._pairs else (ADDRESS,)
        self._text = self._cluster_yaml()
        for name in self.names:
            self._start(name)
        first = self.nodes[self.names[0]]
        self.front = FrontPair(
            self.lan, self._machines, self._text, first.numbers, first.home / "secrets.json", self._program
        )
        self._resources.callback(self.front.close)
        self.front.start()
        for port in (self.carrier, self.phones, self.citizens):
            port.at(f"{self.lan.address(ADDRESS)}:5060")
        self.until("open", *self.names, ask=self.names[0])

    async def _port(self, host: str) -> Port:
        with self.lan.inside(host):
            port = await Port(self.lan.address(host)).open()
        self._resources.callback(port.close)
        return port

    def _start(self, name: str) -> None:
        sound = ("--rtp", _RTP_PORTS) if self._pairs else ()  # each host has ports of its own
        desk = f"0.0.0.0:{DESK_PORT}" if self._with_desks else ""
        numbers = {**self._numbers, "trunks": self._trunks}
        node = NodeHotline(name, self._text, numbers, *sound, desk=desk, program=self._program)
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

    def join(self, name: str) -> None:
        """Add a node as in docs/cluster.md: write cluster.yaml at all nodes, start the node, restart the front."""
        self.names = (*self.names, name)
        self._text = self._cluster_yaml()
        for node in self.nodes.values():
            node.write_cluster(self._text)
        self._start(name)
        self.front.follow(self._text)

    def until(self, state: str, *names: str, ask: str) -> None:
        """Wait until the node ``ask`` sees these nodes in a state."""
        deadline = time.monotonic() + _BOOT
        states: dict[str, str] | str = {}
        while True:
            try:
                found = {node["node"]: node["state"] for node in self.nodes[ask].ask("nodes")}
            except AWAY as error:  # the database or the engine of the node is away for a moment
                states = str(error)
            else:
                if all(found.get(name) == state for name in names):
                    return
                states = found
            assert time.monotonic() < deadline, states
            time.sleep(0.1)

    def close(self) -> None:
        """End everything."""
        self._resources.close()

    def _cluster_yaml(self) -> str:
        nodes = {name: {"address": self.lan.address(name), "calls": _CALLS} for name in self.names}
        front = {"address": self.lan.address(ADDRESS), "machines": list(map(self.lan.address, self._machines))}
        content = {"database": self.database.url, "front": front, "nodes": nodes}
        return yaml.safe_dump(content, sort_keys=False)

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
