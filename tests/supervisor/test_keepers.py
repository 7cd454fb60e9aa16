"""A stop ends the watches over Asterisk, engine and desk, so that an admin reads no alarm about a process that ends."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ivr.runtime.layout import Home
from ivr.supervisor import desk_keeper, hotline
from testkit.patience import PATIENCE


class Running:
    """A process that does not end."""

    pid = 1

    async def wait(self) -> int:
        await asyncio.Event().wait()
        return 0


class Watches:
    """The watches that keepers began, and how many of them ended."""

    def __init__(self) -> None:
        self.begun: asyncio.Queue[None] = asyncio.Queue()
        self.ended = 0


@pytest.fixture
def watches(monkeypatch: pytest.MonkeyPatch) -> Watches:
    watches = Watches()

    async def watch(*_args: Any) -> None:
        watches.begun.put_nowait(None)
        try:
            await asyncio.Event().wait()
        finally:
            watches.ended += 1

    async def start(*_args: Any) -> Running:
        return Running()

    for module in (hotline, desk_keeper):
        monkeypatch.setattr(module, "until_silent", watch)
        monkeypatch.setattr(module.child, "start", start)

    async def stop_interruptions(*_args: Any) -> None:
        """Leave the scheduling policy of this machine's processes as it is."""

    monkeypatch.setattr(hotline, "until_stopped", watch)
    monkeypatch.setattr(hotline, "stop_interruptions", stop_interruptions)
    return watches


async def stop(keeper: Any, watches: Watches, count: int) -> None:
    """Let a keeper begin ``count`` watches, then cancel the keeper, as a stop does."""
    task = asyncio.create_task(keeper)
    async with asyncio.timeout(PATIENCE):
        for _watch in range(count):
            await watches.begun.get()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(("keeper", "count"), [("_keep_asterisk", 1), ("_keep_engine", 2)])
async def test_a_stop_ends_the_watch_over_asterisk_and_engine(watches: Watches, keeper: str, count: int) -> None:
    supervisor = object.__new__(hotline.Supervisor)
    supervisor._asterisk = supervisor._engine = Running()  # type: ignore[assignment]
    supervisor._console = None  # type: ignore[assignment]
    await stop(getattr(supervisor, keeper)(), watches, count)
    assert watches.ended == count


async def test_a_stop_ends_the_watch_over_the_desk(watches: Watches, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    await stop(desk_keeper.DeskKeeper(home, {}, print).keep(), watches, 1)
    assert watches.ended == 1
