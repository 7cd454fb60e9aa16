"""The processor time of a cluster's parts, and what its database does."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

import psutil

from testkit.hotline.processes import asterisk, tree
from testkit.hotline.running import RunningHotline
from trials.cluster.running_cluster import RunningCluster

_DATABASE = (
    "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database() "
    "UNION ALL SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClusterCost:
    """What the parts of a cluster have used, or use for one of something: seconds, transactions, bytes."""

    asterisk: float = 0.0
    ours: float = 0.0
    front: float = 0.0
    database: float = 0.0
    transactions: float = 0.0
    written: float = 0.0  # bytes of PostgreSQL's write-ahead log, which is what its standby is sent

    @classmethod
    def now(cls, cluster: RunningCluster) -> Self:
        """Return what has been used since the start."""
        steered = [asterisk(node) for node in cluster.nodes.values()]
        ours = [one for node in cluster.nodes.values() for one in _without_asterisk(node)]
        transactions, written = map(float, cluster.database.values(_DATABASE))
        return cls(
            _seconds(steered), _seconds(ours), seconds_scheduled(cluster.front.active.processes),
            _seconds(cluster.database.primary.processes), transactions, written,
        )  # fmt: skip

    def __sub__(self, other: Self) -> Self:
        return self._each(other, -1.0)

    def __add__(self, other: Self) -> Self:
        return self._each(other, 1.0)

    def times(self, factor: float) -> Self:
        """Return it for so many of it."""
        return type(self)(**{name: value * factor for name, value in asdict(self).items()})

    def _each(self, other: Self, sign: float) -> Self:
        return type(self)(*(getattr(self, one.name) + sign * getattr(other, one.name) for one in fields(self)))


class Weighing:
    """What something cost beyond what the cluster uses by itself."""

    def __init__(self, cluster: RunningCluster, idle: ClusterCost) -> None:
        """``idle``: a second of the cluster without calls."""
        self._cluster, self._idle = cluster, idle
        self._begun, self._before = time.monotonic(), ClusterCost.now(cluster)

    def ends(self) -> ClusterCost:
        """Return what was used since it was made, without what an idle cluster would have used."""
        seconds = time.monotonic() - self._begun
        return ClusterCost.now(self._cluster) - self._before - self._idle.times(seconds)


def seconds_scheduled(processes: Iterable[psutil.Process]) -> float:
    """Return the processor time of processes with one thread each, such as Kamailio's, to the nanosecond."""
    return sum(int(Path(f"/proc/{one.pid}/schedstat").read_text().split()[0]) for one in processes) / 1e9


def _without_asterisk(node: RunningHotline) -> list[psutil.Process]:
    theirs = asterisk(node)
    others = {theirs, *theirs.children(recursive=True)}
    return [one for one in tree(node) if one not in others]


def _seconds(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for one in processes:
        try:
            total += sum(one.cpu_times()[:4])
        except psutil.NoSuchProcess:  # a server process of PostgreSQL whose client is gone; its parent has its time
            continue
    return total
