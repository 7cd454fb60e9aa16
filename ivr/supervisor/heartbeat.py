"""Detects a frozen process, which accepts connections and does not answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

Answers = Callable[[float], Awaitable[bool]]
"""Ask a process for a sign of life and wait so many seconds for it."""

_ONCE_MORE = 0.3  # seconds; on a busy machine a working engine answers in this time, and a frozen engine does not
_LOOK = 0.2  # seconds between two looks whether a process is stopped


@dataclass(frozen=True, slots=True)
class Patience:
    """The times without an answer, in seconds, after which a process counts as frozen."""

    every: float  # between an answer and the next question
    silent: float  # without an answer, after the first one
    busy: float  # the same for a process that computes, or waits for a processor or a disk, because it may be slow
    boot: float  # from its start until its first answer


async def until_silent(answers: Answers, patience: Patience, slow: Callable[[], bool] = lambda: False) -> None:
    """Return when a process counts as frozen; ``slow`` tells whether the process is only slow."""
    clock = asyncio.get_running_loop().time
    answered_at, limit = clock(), patience.boot
    while True:
        if await answers(max(_ONCE_MORE, answered_at + limit - clock())):
            answered_at, limit = clock(), patience.silent
        elif clock() - answered_at >= limit and not await answers(_ONCE_MORE):
            allowed = max(limit, patience.busy) if slow() else limit
            if clock() - answered_at >= allowed:
                return
        await asyncio.sleep(patience.every)


async def until_answer(answers: Answers, patience: Patience) -> None:
    """Return when a process that did not answer answers again."""
    while True:
        if await answers(patience.silent):
            return
        await asyncio.sleep(patience.every)


async def until_stopped(stopped: Callable[[], bool]) -> None:
    """Return when a process is stopped at two consecutive checks: it cannot respond until SIGCONT."""
    was_stopped = False
    while True:
        is_stopped = stopped()
        if was_stopped and is_stopped:
            return
        was_stopped = is_stopped
        await asyncio.sleep(_LOOK)


def is_stopped(pid: int) -> bool:
    """Tell whether a signal (SIGSTOP) stopped a process. A process under a debugger does not count."""
    return _state(Path(f"/proc/{pid}")) == "T"


def is_slow(pid: int) -> bool:
    """Tell whether a thread of a process computes, waits for a processor, or waits for a disk.

    A stopped process is not slow. Neither is a process that waits for an event other than a disk.
    """
    return any(_state(thread) in ("R", "D") for thread in Path(f"/proc/{pid}/task").glob("*"))


def _state(process: Path) -> str:
    """Return the state of a process or thread, a letter of proc(5); "" if it has ended."""
    try:
        status = (process / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return status.rpartition(")")[2].split()[0]
