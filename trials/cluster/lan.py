"""A network of this machine's own: each host is a network namespace, and one more holds the bridge between them.

It does not touch the machine's own network. A socket and a process belong to the namespace in which they were made.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

_NETWORK = "10.77.0"
_CLONE_NEWNET = 0x40000000
_NOBODY = "02:00:00:00:00:01"  # a hardware address
_libc = ctypes.CDLL(None, use_errno=True)


class Lan:
    """Hosts on one network; leaving the context deletes all of them."""

    def __init__(self, hosts: dict[str, int], floating: dict[str, int]) -> None:
        """Name the hosts, and the floating addresses that hosts have in turn, with each address's last number."""
        self._hosts, self._floating = hosts, floating
        self._prefix = f"hl{os.getpid() % 100000}"

    def __enter__(self) -> Self:
        try:
            self._make()
        except BaseException:
            self._remove()
            raise
        return self

    def _make(self) -> None:
        _ip("netns", "add", self._name("lan"))
        self._in_lan("link", "add", "lan", "type", "bridge")
        self._in_lan("link", "set", "lan", "up")
        for host, number in self._hosts.items():
            name = self._name(host)
            _ip("netns", "add", name)
            _ip("-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", host, "netns", self._name("lan"))
            _ip("-n", name, "address", "add", f"{_NETWORK}.{number}/24", "dev", "eth0")
            _ip("-n", name, "link", "set", "lo", "up")
            _ip("-n", name, "link", "set", "eth0", "up")
            self._in_lan("link", "set", "dev", host, "master", "lan")
            self._in_lan("link", "set", "dev", host, "up")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    def _remove(self) -> None:
        for host in (*self._hosts, "lan"):
            subprocess.run(["ip", "netns", "delete", self._name(host)], capture_output=True, check=False)

    def address(self, host: str) -> str:
        """Return the address of a host, or a floating address."""
        return f"{_NETWORK}.{(self._hosts | self._floating)[host]}"

    @contextmanager
    def inside(self, host: str) -> Iterator[None]:
        """Make sockets and processes of a host, for as long as the block runs."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        namespace = os.open(Path("/var/run/netns") / self._name(host), os.O_RDONLY)
        try:
            _enter(namespace)
            try:
                yield
            finally:
                _enter(own)
        finally:
            os.close(namespace)
            os.close(own)

    def cut(self, host: str) -> None:
        """Take a host off the network, as a broken cable does."""
        self._in_lan("link", "set", "dev", host, "down")

    def mend(self, host: str) -> None:
        """Put a host back on the network."""
        self._in_lan("link", "set", "dev", host, "up")

    def carries(self, host: str, floating: str) -> bool:
        """Whether a host has a floating address now."""
        shown = _ip("-n", self._name(host), "-4", "-oneline", "address", "show", "dev", "eth0")
        return f" {self.address(floating)}/" in shown

    def lose(self, sender: str, *receivers: str) -> None:
        """Lose all packets from one host to others; packets in the other direction still arrive."""
        for receiver in receivers:
            neighbour = ("replace", self.address(receiver), "lladdr", _NOBODY, "dev", "eth0", "nud", "permanent")
            _ip("-n", self._name(sender), "neighbour", *neighbour)

    def deliver(self, sender: str, *receivers: str) -> None:
        """Undo `lose`."""
        for receiver in receivers:
            _ip("-n", self._name(sender), "neighbour", "delete", self.address(receiver), "dev", "eth0")

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all hosts and floating addresses."""
        return (*self._hosts, *self._floating)

    def _in_lan(self, *arguments: str) -> None:
        _ip("-n", self._name("lan"), *arguments)

    def _name(self, host: str) -> str:
        return f"{self._prefix}-{host}"


def _enter(namespace: int) -> None:
    if _libc.setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout
