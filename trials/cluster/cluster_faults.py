"""The failures of the cluster trial, and the repair of each."""

from collections.abc import Callable
from dataclasses import dataclass

from testkit.hotline.processes import tree
from trials.cluster.lan import Lan
from trials.cluster.running_cluster import RunningCluster

Act = Callable[[RunningCluster], None]


@dataclass(frozen=True)
class ClusterFault:
    """One failure.

    Attributes:
        what: in words, for the table.
        fail: does it, to the node `VICTIM` if to any.
        undo: takes it back.
        kills: whether the victim's calls are lost by its nature.
        away: seconds until it is taken back.
    """

    what: str
    fail: Act
    undo: Act
    kills: bool = False
    away: float = 8.0


VICTIM = "south"


def _kill(cluster: RunningCluster) -> None:
    processes = tree(cluster.nodes[VICTIM])
    for process in processes:
        process.suspend()
    for process in processes:
        process.kill()
    cluster.nodes[VICTIM].process.wait()


def _freeze(cluster: RunningCluster) -> None:
    for process in tree(cluster.nodes[VICTIM]):
        process.suspend()


def _thaw(cluster: RunningCluster) -> None:
    for process in tree(cluster.nodes[VICTIM]):
        process.resume()


def _cut(cluster: RunningCluster, host: str) -> None:
    assert isinstance(cluster.lan, Lan)
    cluster.lan.cut(host)


def _mend(cluster: RunningCluster, host: str) -> None:
    assert isinstance(cluster.lan, Lan)
    cluster.lan.mend(host)


def _run(cluster: RunningCluster, *words: str) -> None:
    done = cluster.nodes[cluster.names[0]].ivr(*words)
    assert done.returncode == 0, done.stderr


FAULTS = {
    "drain": ClusterFault(
        "a node is drained, and gets calls again",
        lambda cluster: _run(cluster, "node", "drain", VICTIM),
        lambda cluster: _run(cluster, "node", "resume", VICTIM),
        away=6.0,
    ),
    "kill": ClusterFault(
        "a node is killed, and started again",
        _kill,
        lambda cluster: cluster.start_again(VICTIM),
        kills=True,
    ),
    "freeze": ClusterFault("all processes of a node are frozen for 8 s", _freeze, _thaw),
    "cut": ClusterFault(
        "a node is off the network for 8 s",
        lambda cluster: _cut(cluster, VICTIM),
        lambda cluster: _mend(cluster, VICTIM),
    ),
    "database": ClusterFault(
        "the database is off the network for 8 s",
        lambda cluster: _cut(cluster, "base"),
        lambda cluster: _mend(cluster, "base"),
    ),
    "front": ClusterFault(
        "the front is killed, and started again at once",
        lambda cluster: (cluster.front.kill(), cluster.front.start())[1],
        lambda _cluster: None,
    ),
}
