"""Tells a working process from a frozen process, which accepts connections and stays silent."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

Answers = Callable[[float], Awaitable[bool]]
"""Ask a process for a sign of life and wait so many seconds for it."""

_ONCE_MORE = 0.3  # seconds; an engine that a busy machine kept waiting answers now, and a frozen one does not
_LOOK = 0.2  # seconds between two looks whether a process is stopped


@dataclass(frozen=True, slots=True)
class Patience:
    """The times for which a process may stay silent, in seconds."""

    every: float  # between an answer and the next question
    silent: float  # without an answer, after the first one
    busy: float  # ... if it computes, or waits for a processor or a disk: it may only be slow
    boot: float  # from its start until its first answer


async def until_silent(answers: Answers, patience: Patience, slow: Callable[[], bool] = lambda: False) -> None:
    """Return once a process has stayed silent for longer than it may; ``slow`` tells whether it is only that."""
    clock = asyncio.get_running_loop().time
    heard, limit = clock(), patience.boot
    while True:
        if await answers(max(_ONCE_MORE, heard + limit - clock())):
            heard, limit = clock(), patience.silent
        elif clock() - heard >= limit and not await answers(_ONCE_MORE):
            given = max(limit, patience.busy) if slow() else limit
            if clock() - heard >= given:
                return
        await asyncio.sleep(patience.every)


async def until_answer(answers: Answers, patience: Patience) -> None:
    """Return once a process that was silent answers again."""
    while True:
        if await answers(patience.silent):
            return
        await asyncio.sleep(patience.every)


async def until_stopped(stopped: Callable[[], bool]) -> None:
    """Return once a process is found stopped, and a moment later still: it cannot respond until SIGCONT."""
    was_stopped = False
    while True:
        is_stopped = stopped()
        if was_stopped and is_stopped:
            return
        was_stopped = is_stopped
        await asyncio.sleep(_LOOK)


def is_stopped(pid: int) -> bool:
    """Say whether a process was stopped by a signal (SIGSTOP); a process that a debugger holds is not meant."""
    return _state(Path(f"/proc/{pid}")) == "T"


def is_slow(pid: int) -> bool:
    """Say whether a process computes, or would if it got a processor, or waits for a disk, in any of its threads.

    A process that is stopped, or waits for something that does not come, is not slow.
    """
    return any(_state(thread) in ("R", "D") for thread in Path(f"/proc/{pid}/task").glob("*"))


def _state(process: Path) -> str:
    """Return the letter that proc(5) gives a process or thread, "" if it has ended."""
    try:
        status = (process / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return status.rpartition(")")[2].split()[0]
