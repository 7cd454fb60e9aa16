"""A process that belongs to one hotline and does not outlive its supervisor."""

import asyncio
import contextlib
import ctypes
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _end_with_parent() -> None:
    """In the child, before exec: end the child together with a killed supervisor, so that its ports become free."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def start(
    command: Sequence[str], output: IO[bytes] | int | None = None, environment: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """Start ``command`` in a session of its own, so that Ctrl-C reaches only the supervisor."""
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=environment,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


async def end(process: asyncio.subprocess.Process, seconds: float) -> None:
    """Ask a process to end; kill it if it has not ended within ``seconds``."""
    if process.returncode is not None:
        return
    _send(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(seconds):
            await process.wait()
    except TimeoutError:
        await kill(process)


@contextlib.asynccontextmanager
async def running_meanwhile(*watches: Coroutine[Any, Any, Any]) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Run these coroutines during the block; they end with the block, also if it is cancelled."""
    tasks = [asyncio.create_task(watch) for watch in watches]
    try:
        yield tasks
    finally:
        await settle(*tasks)


async def settle(*waiting: asyncio.Future[Any]) -> None:
    """Cancel these tasks, and ignore their results."""
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def kill(process: asyncio.subprocess.Process) -> None:
    """End a process that does not react to signals."""
    _send(process, signal.SIGKILL)
    await process.wait()


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Signal a process. Its `send_signal` is not used, because asyncio then loses the exit code of an ended process."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, number)
