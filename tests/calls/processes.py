"""The processes of a running hotline, to look at and to kill."""

import psutil

from tests.calls.running import RunningHotline


def tree(hotline: RunningHotline) -> list[psutil.Process]:
    """The supervisor, which ``ivr up`` is, and all that it started."""
    supervisor = psutil.Process(hotline.process.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def asterisk(hotline: RunningHotline) -> psutil.Process:
    """Asterisk."""
    return next(one for one in tree(hotline)[1:] if str(hotline.home / "etc" / "asterisk.conf") in one.cmdline())


def engine(hotline: RunningHotline) -> psutil.Process:
    """The engine, ``python -m ivr.engine``."""
    return next(one for one in tree(hotline)[1:] if "ivr.engine" in one.cmdline())


def recognizers(hotline: RunningHotline) -> list[psutil.Process]:
    """The processes that hear callers, ``python -m ivr.speech.worker``."""
    return [one for one in tree(hotline)[1:] if "ivr.speech.worker" in one.cmdline()]
