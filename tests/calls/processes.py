"""The processes of a running hotline, to look at and to kill."""

import contextlib
from collections.abc import Iterator

import psutil

from tests.calls.running import RunningHotline


def tree(hotline: RunningHotline) -> list[psutil.Process]:
    """The supervisor, which ``ivr up`` is, and all that it started."""
    supervisor = psutil.Process(hotline.process.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def asterisk(hotline: RunningHotline) -> psutil.Process:
    """Asterisk."""
    return next(_running(hotline, str(hotline.home / "etc" / "asterisk.conf")))


def engine(hotline: RunningHotline) -> psutil.Process:
    """The engine, ``python -m ivr.engine``."""
    return next(_running(hotline, "ivr.engine"))


def recognizers(hotline: RunningHotline) -> list[psutil.Process]:
    """The processes that hear callers, ``python -m ivr.speech.worker``."""
    return list(_running(hotline, "ivr.speech.worker"))


def _running(hotline: RunningHotline, word: str) -> Iterator[psutil.Process]:
    """Those that were started with this word; who ends just now is none of them."""
    for one in tree(hotline)[1:]:
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in one.cmdline():
                yield one
