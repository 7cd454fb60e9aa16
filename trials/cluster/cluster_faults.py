"""The failures of the cluster trial, and the repair of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import psutil

from testkit.hotline.processes import asterisk, engine, tree
from trials.cluster import two_versions
from trials.cluster.front_pair import RunningFront
from trials.cluster.lan import Lan
from trials.cluster.running_cluster import FOURTH, RunningCluster

Act = Callable[[RunningCluster, str], object]
VICTIM = "south"  # a node without the callers' queue
HOME = "west"  # the node with the callers' queue, by the hash of the nodes' names
_OTHER = {VICTIM: HOME, HOME: VICTIM}
_PROMOTED_AFTER = 3.0  # seconds until an admin, or a program of the admin's, promotes the standby


@dataclass(frozen=True)
class ClusterFault:
    """One failure.

    Attributes:
        title: the failure in words, for the table.
        fail: causes the failure; its arguments are the cluster and the victim.
        undo: repairs it; its arguments are the same.
        silent: whether calls at the victim lose their sound; caller and agent then hang up.
        stops: whether the victim's engine answers no requests.
        ends_calls: whether the failure must end the victim's calls.
        away: seconds until the repair.
        orders: whether agents make work orders during the failure.
        short_calls: whether all calls are short and end by themselves; else they are up until the repair.
        victim: the node that fails.
        begins_earlier: whether all begins with the version before.
    """

    title: str
    fail: Act
    undo: Act = lambda _cluster, _victim: None
    silent: bool = False
    stops: bool = False
    ends_calls: bool = False
    away: float = 8.0
    orders: bool = False
    short_calls: bool = False
    victim: str = VICTIM
    begins_earlier: bool = False


def _kill(cluster: RunningCluster, victim: str) -> None:
    processes = tree(cluster.nodes[victim])
    for process in processes:
        process.suspend()
    for process in processes:
        process.kill()
    cluster.nodes[victim].process.wait()


def _node(cluster: RunningCluster, victim: str) -> list[psutil.Process]:
    return tree(cluster.nodes[victim])


def _asterisk(cluster: RunningCluster, victim: str) -> list[psutil.Process]:
    return [asterisk(cluster.nodes[victim])]


def _engine(cluster: RunningCluster, victim: str) -> list[psutil.Process]:
    return [engine(cluster.nodes[victim])]


_frozen: list[psutil.Process] = []


def _freeze(processes: list[psutil.Process]) -> None:
    _frozen[:] = processes
    for process in _frozen:
        process.suspend()


def _thaw(_cluster: RunningCluster, _victim: str) -> None:
    for process in _frozen:
        if process.is_running():  # the supervisor may have ended and replaced what did not answer
            process.resume()


def _frozen_fault(
    title: str, choose: Callable[[RunningCluster, str], list[psutil.Process]], *, silent: bool, stops: bool
) -> ClusterFault:
    return ClusterFault(
        title, lambda cluster, victim: _freeze(choose(cluster, victim)), _thaw, silent=silent, stops=stops, away=15.0
    )  # fmt: skip


def _lan(cluster: RunningCluster) -> Lan:
    assert isinstance(cluster.lan, Lan)
    return cluster.lan


def _others(cluster: RunningCluster, victim: str) -> list[str]:
    return [name for name in _lan(cluster).names if name != victim]


def _separate(cluster: RunningCluster, host: str, *others: str) -> None:
    lan = _lan(cluster)
    lan.lose(host, *others)
    for other in others:
        lan.lose(other, host)


def _rejoin(cluster: RunningCluster, host: str, *others: str) -> None:
    lan = _lan(cluster)
    lan.deliver(host, *others)
    for other in others:
        lan.deliver(other, host)


def _run(cluster: RunningCluster, *arguments: str) -> None:
    done = cluster.nodes[cluster.names[0]].ivr(*arguments)
    assert done.returncode == 0, done.stderr


def _lose_primary(cluster: RunningCluster, _victim: str) -> None:
    cluster.database.primary.kill()
    time.sleep(_PROMOTED_AFTER)
    cluster.database.take_over()


FAULTS = {
    "drain": ClusterFault(
        "a node is drained, and gets calls again",
        lambda cluster, victim: _run(cluster, "node", "drain", victim),
        lambda cluster, victim: _run(cluster, "node", "resume", victim),
        away=6.0,
    ),
    "kill": ClusterFault(
        "a node is killed, and started again after 15 s",
        _kill,
        lambda cluster, victim: cluster.start_again(victim),
        silent=True,
        stops=True,
        ends_calls=True,
        away=15.0,
    ),
    "asterisk-frozen": _frozen_fault("Asterisk of a node is frozen for 15 s", _asterisk, silent=True, stops=True),
    "engine-frozen": _frozen_fault("the engine of a node is frozen for 15 s", _engine, silent=False, stops=True),
    "node-frozen": _frozen_fault("all processes of a node are frozen for 15 s", _node, silent=True, stops=True),
    "node-cut": ClusterFault(
        "a node is off the network for 15 s",
        lambda cluster, victim: _lan(cluster).cut(victim),
        lambda cluster, victim: _lan(cluster).mend(victim),
        silent=True,
        away=15.0,
    ),
    "node-half-open": ClusterFault(
        "all that a node sends is lost for 15 s; it still receives",
        lambda cluster, victim: _lan(cluster).lose(victim, *_others(cluster, victim)),
        lambda cluster, victim: _lan(cluster).deliver(victim, *_others(cluster, victim)),
        silent=True,
        away=15.0,
    ),
    "nodes-cut": ClusterFault(
        "the link between two nodes is cut for 15 s",
        lambda cluster, victim: _separate(cluster, victim, _OTHER[victim]),
        lambda cluster, victim: _rejoin(cluster, victim, _OTHER[victim]),
        away=15.0,
    ),
    "split": ClusterFault(
        "a node reaches the front but not the database for 15 s",
        lambda cluster, victim: _separate(cluster, victim, *cluster.database.hosts),
        lambda cluster, victim: _rejoin(cluster, victim, *cluster.database.hosts),
        away=15.0,
        orders=True,
    ),
    "front-killed": ClusterFault(
        "the front is killed; keepalived gives the address to the other machine",
        lambda cluster, _victim: cluster.front.take_over(),
        lambda cluster, _victim: cluster.front.repair(),
    ),
    "front-frozen": ClusterFault(
        "the front is frozen for 8 s; keepalived gives the address to the other machine",
        lambda cluster, _victim: cluster.front.fail(RunningFront.freeze),
        lambda cluster, _victim: cluster.front.thaw(),
    ),
    "front-cut": ClusterFault(
        "the front's machine is off the network for 8 s; keepalived gives the address to the other machine",
        lambda cluster, _victim: cluster.front.fail(lambda front: _lan(cluster).cut(front.machine)),
        lambda cluster, _victim: _lan(cluster).mend(cluster.front.failed.machine),
    ),
    "database-killed": ClusterFault(
        f"the database is killed, and its standby promoted after {_PROMOTED_AFTER:g} s",
        _lose_primary,
        lambda cluster, _victim: cluster.database.repair(),
        away=12.0,
        orders=True,
    ),
    "database-cut": ClusterFault(
        "the database is off the network for 8 s",
        lambda cluster, _victim: _lan(cluster).cut(cluster.database.hosts[0]),
        lambda cluster, _victim: _lan(cluster).mend(cluster.database.hosts[0]),
        orders=True,
    ),
    "upgraded": ClusterFault(
        "a node is drained, stopped, started, resumed", two_versions.restart_node, away=1.0, short_calls=True
    ),
    "versions": ClusterFault(
        "front and nodes of the version before are upgraded one after the other, and one node is put back",
        two_versions.upgrade_all,
        away=1.0,
        short_calls=True,
        begins_earlier=True,
    ),
    "joined": ClusterFault("a fourth node joins, and the front follows", lambda cluster, _victim: cluster.join(FOURTH)),
}
_AT_HOME = ("drain", "kill", "asterisk-frozen", "node-frozen", "node-cut", "node-half-open", "split", "upgraded")
FAULTS |= {f"home-{name}": replace(FAULTS[name], title=f"the same, at the home of the queue: {FAULTS[name].title}",
                                   victim=HOME) for name in _AT_HOME}  # fmt: skip
