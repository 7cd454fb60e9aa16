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
    """The use of the parts of a cluster, since the start or for one call: seconds, transactions, bytes."""

    asterisk: float = 0.0
    ours: float = 0.0
    front: float = 0.0
    database: float = 0.0
    transactions: float = 0.0
    written: float = 0.0  # bytes of PostgreSQL's write-ahead log, which is what its standby is sent

    @classmethod
    def now(cls, cluster: RunningCluster) -> Self:
        """Return the use since the start."""
        steered = [asterisk(node) for node in cluster.nodes.values()]
        ours = [process for node in cluster.nodes.values() for process in _without_asterisk(node)]
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
        """Return the use multiplied by a factor."""
        return type(self)(**{name: value * factor for name, value in asdict(self).items()})

    def _each(self, other: Self, sign: float) -> Self:
        return type(self)(
            *(getattr(self, cost_field.name) + sign * getattr(other, cost_field.name) for cost_field in fields(self))
        )


class Weighing:
    """The cost of a load, without the use of an idle cluster."""

    def __init__(self, cluster: RunningCluster, idle: ClusterCost) -> None:
        """``idle`` is the use of a cluster without calls in a second."""
        self._cluster, self._idle = cluster, idle
        self._begun, self._before = time.monotonic(), ClusterCost.now(cluster)

    def ends(self) -> ClusterCost:
        """Return the use since this object was made, without the use of an idle cluster."""
        seconds = time.monotonic() - self._begun
        return ClusterCost.now(self._cluster) - self._before - self._idle.times(seconds)


def seconds_scheduled(processes: Iterable[psutil.Process]) -> float:
    """Return the processor time of processes with one thread each, such as Kamailio's, to the nanosecond."""
    return sum(int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) for process in processes) / 1e9


def _without_asterisk(node: RunningHotline) -> list[psutil.Process]:
    asterisk_process = asterisk(node)
    others = {asterisk_process, *asterisk_process.children(recursive=True)}
    return [process for process in tree(node) if process not in others]


def _seconds(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:  # a server process of PostgreSQL whose client is gone; its parent has its time
            continue
    return total
