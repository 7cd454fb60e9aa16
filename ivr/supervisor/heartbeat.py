"""Whether a process still does its work: a frozen one accepts connections and stays silent."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

Answers = Callable[[float], Awaitable[bool]]
"""Ask a process for a sign of life and wait so many seconds for it."""

_ONCE_MORE = 0.3  # seconds; who was kept waiting by a busy machine answers now, who is frozen does not


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a process may stay silent; all in seconds."""

    every: float  # between an answer and the next question
    silent: float  # without an answer, after the first one
    busy: float  # ... where it computes, or waits for a processor that others have: it may only be slow
    boot: float  # from its start until its first answer


async def until_silent(answers: Answers, patience: Patience, computes: Callable[[], bool] = lambda: False) -> None:
    """Return once a process has stayed silent for longer than it may; ``computes`` tells whether it is only slow."""
    clock = asyncio.get_running_loop().time
    heard, limit = clock(), patience.boot
    while True:
        if await answers(max(_ONCE_MORE, heard + limit - clock())):
            heard, limit = clock(), patience.silent
        elif clock() - heard >= limit and not await answers(_ONCE_MORE):
            given = max(limit, patience.busy) if computes() else limit
            if clock() - heard >= given:
                return
        await asyncio.sleep(patience.every)


async def until_answer(answers: Answers, patience: Patience) -> None:
    """Return once a process that was silent answers again."""
    while True:
        if await answers(patience.silent):
            return
        await asyncio.sleep(patience.every)


def computes(pid: int) -> bool:
    """Say whether a process runs, or would if it got a processor; one that is stopped, or waits, does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "R"
