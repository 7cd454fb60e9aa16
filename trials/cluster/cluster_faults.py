"""The failures of the cluster trial, and the repair of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from testkit.hotline.processes import asterisk, engine, tree
from trials.cluster.lan import Lan
from trials.cluster.running_cluster import FOURTH, RunningCluster

Act = Callable[[RunningCluster], object]
VICTIM, OTHER = "south", "west"
_PROMOTED_AFTER = 3.0  # seconds until an admin, or a program of the admin's, promotes the standby


@dataclass(frozen=True)
class ClusterFault:
    """One failure.

    Attributes:
        what: in words, for the table.
        fail: does it, to the node `VICTIM` if to any.
        undo: takes it back.
        silent: whether calls at the victim hear nothing any more; those who talk hang up.
        stops: whether the victim's engine cannot be asked.
        ends_calls: whether the victim's calls end by the nature of the failure.
        away: seconds until it is taken back.
        orders: whether agents make work orders meanwhile.
    """

    what: str
    fail: Act
    undo: Act = lambda _cluster: None
    silent: bool = False
    stops: bool = False
    ends_calls: bool = False
    away: float = 8.0
    orders: bool = False


def _kill(cluster: RunningCluster) -> None:
    processes = tree(cluster.nodes[VICTIM])
    for process in processes:
        process.suspend()
    for process in processes:
        process.kill()
    cluster.nodes[VICTIM].process.wait()


def _all(cluster: RunningCluster) -> list[psutil.Process]:
    return tree(cluster.nodes[VICTIM])


def _asterisk(cluster: RunningCluster) -> list[psutil.Process]:
    return [asterisk(cluster.nodes[VICTIM])]


def _engine(cluster: RunningCluster) -> list[psutil.Process]:
    return [engine(cluster.nodes[VICTIM])]


_frozen: list[psutil.Process] = []


def _freeze(cluster: RunningCluster, choose: Callable[[RunningCluster], list[psutil.Process]]) -> None:
    _frozen[:] = choose(cluster)
    for process in _frozen:
        process.suspend()


def _thaw(_cluster: RunningCluster) -> None:
    for process in _frozen:
        if process.is_running():  # the supervisor may have ended and replaced what did not answer
            process.resume()


def _frozen_fault(
    what: str, choose: Callable[[RunningCluster], list[psutil.Process]], *, silent: bool, stops: bool
) -> ClusterFault:
    return ClusterFault(
        what, lambda cluster: _freeze(cluster, choose), _thaw, silent=silent, stops=stops, away=15.0
    )  # fmt: skip


def _lan(cluster: RunningCluster) -> Lan:
    assert isinstance(cluster.lan, Lan)
    return cluster.lan


def _others(cluster: RunningCluster) -> list[str]:
    return [name for name in _lan(cluster).names if name != VICTIM]


def _separate(cluster: RunningCluster, one: str, *others: str) -> None:
    lan = _lan(cluster)
    lan.lose(one, *others)
    for other in others:
        lan.lose(other, one)


def _rejoin(cluster: RunningCluster, one: str, *others: str) -> None:
    lan = _lan(cluster)
    lan.deliver(one, *others)
    for other in others:
        lan.deliver(other, one)


def _run(cluster: RunningCluster, *words: str) -> None:
    done = cluster.nodes[cluster.names[0]].ivr(*words)
    assert done.returncode == 0, done.stderr


def _lose_primary(cluster: RunningCluster) -> None:
    cluster.database.primary.kill()
    time.sleep(_PROMOTED_AFTER)
    cluster.database.take_over()


def _upgrade(cluster: RunningCluster) -> None:
    """Do to the victim what docs/cluster.md says of an upgrade; the program installed is the same one."""
    node = cluster.nodes[VICTIM]
    _run(cluster, "node", "drain", VICTIM, "--wait")
    node.stop()
    cluster.start_again(VICTIM)
    _run(cluster, "node", "resume", VICTIM)


FAULTS = {
    "drain": ClusterFault(
        "a node is drained, and gets calls again",
        lambda cluster: _run(cluster, "node", "drain", VICTIM),
        lambda cluster: _run(cluster, "node", "resume", VICTIM),
        away=6.0,
    ),
    "kill": ClusterFault(
        "a node is killed, and started again after 15 s",
        _kill,
        lambda cluster: cluster.start_again(VICTIM),
        silent=True,
        stops=True,
        ends_calls=True,
        away=15.0,
    ),
    "asterisk-frozen": _frozen_fault("Asterisk of a node is frozen for 15 s", _asterisk, silent=True, stops=True),
    "engine-frozen": _frozen_fault("the engine of a node is frozen for 15 s", _engine, silent=False, stops=True),
    "node-frozen": _frozen_fault("all processes of a node are frozen for 15 s", _all, silent=True, stops=True),
    "node-cut": ClusterFault(
        "a node is off the network for 15 s",
        lambda cluster: _lan(cluster).cut(VICTIM),
        lambda cluster: _lan(cluster).mend(VICTIM),
        silent=True,
        away=15.0,
    ),
    "node-half-open": ClusterFault(
        "all that a node sends is lost for 15 s; it still receives",
        lambda cluster: _lan(cluster).lose(VICTIM, *_others(cluster)),
        lambda cluster: _lan(cluster).deliver(VICTIM, *_others(cluster)),
        silent=True,
        away=15.0,
    ),
    "nodes-cut": ClusterFault(
        "the link between two nodes is cut for 15 s",
        lambda cluster: _separate(cluster, VICTIM, OTHER),
        lambda cluster: _rejoin(cluster, VICTIM, OTHER),
        away=15.0,
    ),
    "split": ClusterFault(
        "a node reaches the front but not the database for 15 s",
        lambda cluster: _separate(cluster, VICTIM, *cluster.database.hosts),
        lambda cluster: _rejoin(cluster, VICTIM, *cluster.database.hosts),
        away=15.0,
        orders=True,
    ),
    "front-killed": ClusterFault(
        "the front is killed; the other machine of the pair takes the address after 1.2 s",
        lambda cluster: cluster.front.take_over(),
        lambda cluster: cluster.front.repair(),
    ),
    "database-killed": ClusterFault(
        f"the database is killed, and its standby promoted after {_PROMOTED_AFTER:g} s",
        _lose_primary,
        lambda cluster: cluster.database.repair(),
        away=12.0,
        orders=True,
    ),
    "database-cut": ClusterFault(
        "the database is off the network for 8 s",
        lambda cluster: _lan(cluster).cut(cluster.database.hosts[0]),
        lambda cluster: _lan(cluster).mend(cluster.database.hosts[0]),
        orders=True,
    ),
    "upgraded": ClusterFault("a node is drained, stopped, started, resumed", _upgrade, away=1.0),
    "joined": ClusterFault("a fourth node joins, and the front follows", lambda cluster: cluster.join(FOURTH)),
}
