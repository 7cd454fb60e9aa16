"""Hosts that are loopback addresses: they need no root, and cannot be cut off."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self


class Loopback:
    """Hosts side by side, as `trials.cluster.lan.Lan` has them, in a part of 127.0.0.0/8 of this process's own."""

    def __init__(self, hosts: dict[str, int], floating: dict[str, int]) -> None:
        """Name the hosts and the floating addresses, each with the last number of its address."""
        self._hosts = hosts | floating
        self._network = f"127.{77 + os.getpid() // 250 % 100}.{os.getpid() % 250}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def address(self, host: str) -> str:
        """Return the address of a host."""
        return f"{self._network}.{self._hosts[host]}"

    @contextmanager
    def inside(self, _host: str) -> Iterator[None]:
        """Do nothing: every process sees all addresses."""
        yield
