"""PostgreSQL as in docs/cluster.md: a primary, and a standby on another host that a command promotes."""

from contextlib import ExitStack
from typing import LiteralString

import psycopg

from testkit.provision.databases import PostgresServer
from trials.cluster.lan import Lan
from trials.cluster.loopback import Loopback

_NAME = "hotline"


class DatabasePair:
    """The servers on their hosts; the first is the primary.

    Attributes:
        url: for cluster.yaml; libpq asks all hosts, and connects to the primary.
        hosts: the host of the primary, then the host of the standby if there is one.
    """

    def __init__(self, lan: Lan | Loopback, hosts: tuple[str, ...]) -> None:
        self._lan, self.hosts = lan, hosts
        addresses = ",".join(map(lan.address, hosts))
        self.url = f"postgresql://hotline@{addresses}/{_NAME}?target_session_attrs=read-write"
        self._servers: dict[str, PostgresServer] = {}
        self._resources = ExitStack()

    def open(self) -> None:
        """Start all servers; `close` ends them."""
        for host in self.hosts:
            self._servers[host] = PostgresServer(self._lan.address(host))
            self._resources.callback(self._servers[host].close)
        with self._lan.inside(self.hosts[0]):
            self.primary.make()
            self.primary.start()
        with psycopg.connect(host=str(self.primary.folder), user="hotline", dbname="postgres", autocommit=True) as base:
            base.execute(f"CREATE DATABASE {_NAME}")
        for host in self.hosts[1:]:
            self._follow(host)

    @property
    def primary(self) -> PostgresServer:
        """Return the server that takes writes."""
        return self._servers[self.hosts[0]]

    def values(self, query: LiteralString) -> list[str]:
        """Return the first column of a query."""
        with psycopg.connect(host=str(self.primary.folder), user="hotline", dbname=_NAME) as base:
            return [str(row[0]) for row in base.execute(query)]

    def take_over(self) -> None:
        """Promote the standby; the primary must have ended."""
        self.hosts = self.hosts[::-1]
        self.primary.promote()

    def repair(self) -> None:
        """Make the server that was killed the standby of the other."""
        self._follow(self.hosts[1])

    def _follow(self, host: str) -> None:
        with self._lan.inside(host):
            self._servers[host].copy(self._lan.address(self.hosts[0]))
            self._servers[host].start()

    def close(self) -> None:
        """End all servers."""
        self._resources.close()
