"""If the disk is full, call records still have room."""

import asyncio
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from ivr.supervisor import reserve
from testkit.patience import PATIENCE


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes free on the disk, to be changed."""
    room = [10**9]
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_bavail=room[0], f_frsize=1))
    monkeypatch.setattr(reserve, "_EVERY", 0.001)
    return room


async def test_the_reserve_is_released_if_the_disk_is_full_and_made_again_later(
    tmp_path: Path, free: list[int]
) -> None:
    path, printed = tmp_path / "reserve", list[str]()
    keeping = asyncio.create_task(reserve.keep(path, printed.append))

    async def until(exists: bool) -> None:
        async with asyncio.timeout(PATIENCE):
            while path.exists() is not exists:  # noqa: ASYNC110
                await asyncio.sleep(0.001)

    await until(True)
    assert path.stat().st_blocks * 512 >= reserve.SIZE, "the reserve uses no disk space"
    assert path.stat().st_mode & 0o077 == 0
    free[0] = 1_000_000
    await until(False)
    assert printed == [f"the disk of {tmp_path} is full; the reserve was given up: make room"]
    free[0] = 33_000_000  # the size of the reserve
    await asyncio.sleep(0.02)
    assert not path.exists()
    free[0] = 10**9
    await until(True)
    keeping.cancel()
    await asyncio.wait({keeping})
