"""The processes of a running hotline, to look at and to kill."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import psutil

from testkit.hotline.running import RunningHotline


def tree(hotline: RunningHotline) -> list[psutil.Process]:
    """The supervisor, which ``ivr up`` is, and all that it started."""
    supervisor = psutil.Process(hotline.process.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def gone(processes: Iterable[psutil.Process]) -> bool:
    """Whether all of them have ended."""
    return not any(map(_lives, processes))


def _lives(one: psutil.Process) -> bool:
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def looks(hotline: RunningHotline) -> list[dict[str, Any]]:
    """Return what anybody sees of them: ``uids``, ``cmdline``, ``net_connections``; nothing of who ends just now."""
    seen = []
    for one in tree(hotline):
        with contextlib.suppress(psutil.NoSuchProcess):
            seen.append(one.as_dict(["uids", "cmdline", "net_connections"]))
    return seen


def asterisk(hotline: RunningHotline) -> psutil.Process:
    """Asterisk."""
    return next(_running(hotline, str(hotline.home / "etc" / "asterisk.conf")))


def engine(hotline: RunningHotline) -> psutil.Process:
    """The engine, ``python -m ivr.engine``."""
    return next(_running(hotline, "ivr.engine"))


def desk(hotline: RunningHotline) -> psutil.Process:
    """The web process of the desk, ``python -m ivr.desk``."""
    return next(_running(hotline, "ivr.desk"))


def recognizers(hotline: RunningHotline) -> list[psutil.Process]:
    """The processes that hear callers, ``python -m ivr.speech.worker``."""
    return list(_running(hotline, "ivr.speech.worker"))


def _running(hotline: RunningHotline, word: str) -> Iterator[psutil.Process]:
    """The processes that were started with this word, without processes that end just now."""
    for one in tree(hotline)[1:]:
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in one.cmdline():
                yield one
