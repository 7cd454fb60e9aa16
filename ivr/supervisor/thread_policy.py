"""The scheduling policy of Asterisk's threads (sched(7)).

The thread of a call wakes the threads of CEL and AMI some 70 times. A thread of the usual policy interrupts the call's
thread each time, if both are on one processor; a thread of SCHED_BATCH waits until the call's thread itself waits.
"""

import asyncio
import contextlib
import os
from pathlib import Path

from ivr.asterisk.config.console import Console, ConsoleError

_POLL = 0.5  # seconds


async def stop_interruptions(pid: int, console: Console) -> None:
    """Give all threads of Asterisk SCHED_BATCH, which new threads inherit, as soon as Asterisk has booted.

    An Asterisk that is started with this policy takes it for a real-time priority, and takes it back after a minute.
    """
    while True:
        try:
            await console.run("core waitfullybooted")
            break
        except ConsoleError:
            await asyncio.sleep(_POLL)
    while _set_policy(pid):
        pass  # a thread that was not reached yet may have started another one


def _set_policy(pid: int) -> bool:
    """Return whether a thread had another policy."""
    changed = False
    with contextlib.suppress(OSError):  # a container may forbid it, or Asterisk has ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(ProcessLookupError):
                if os.sched_getscheduler(int(task.name)) != os.SCHED_BATCH:
                    os.sched_setscheduler(int(task.name), os.SCHED_BATCH, os.sched_param(0))
                    changed = True
    return changed
