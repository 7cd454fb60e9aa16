"""The processes of a running hotline, to look at and to kill."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import psutil

from testkit.hotline.running import RunningHotline


def tree(hotline: RunningHotline) -> list[psutil.Process]:
    """Return the supervisor process (``ivr up``) and all of its descendants."""
    supervisor = psutil.Process(hotline.process.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def all_ended(processes: Iterable[psutil.Process]) -> bool:
    """Whether all of these processes have ended."""
    return not any(map(_lives, processes))


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def process_facts(hotline: RunningHotline) -> list[dict[str, Any]]:
    """Return ``uids``, ``cmdline`` and ``net_connections`` of each process, but for processes that end meanwhile."""
    facts = []
    for process in tree(hotline):
        with contextlib.suppress(psutil.NoSuchProcess):
            facts.append(process.as_dict(["uids", "cmdline", "net_connections"]))
    return facts


def asterisk(hotline: RunningHotline) -> psutil.Process:
    """Return the process of Asterisk."""
    return next(_running(hotline, str(hotline.home / "etc" / "asterisk.conf")))


def engine(hotline: RunningHotline) -> psutil.Process:
    """Return the engine, ``python -m ivr.engine``."""
    return next(_running(hotline, "ivr.engine"))


def desk(hotline: RunningHotline) -> psutil.Process:
    """Return the desk's process, ``python -m ivr.desk``."""
    return next(_running(hotline, "ivr.desk"))


def recognizers(hotline: RunningHotline) -> list[psutil.Process]:
    """Return the processes of the recognisers, ``python -m ivr.speech.worker``."""
    return list(_running(hotline, "ivr.speech.worker"))


def _running(hotline: RunningHotline, word: str) -> Iterator[psutil.Process]:
    """Return the processes that have ``word`` in their command lines, without processes that end meanwhile."""
    for process in tree(hotline)[1:]:
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in process.cmdline():
                yield process
