"""The engine's background tasks go on after an error."""

import asyncio

import pytest

from ivr.engine import background_task
from ivr.engine.background_task import BackgroundTask
from testkit.patience import PATIENCE


class Stumbles(BackgroundTask):
    """Work that first fails with an unexpected error."""

    def __init__(self) -> None:
        self.begun = 0
        self.works = asyncio.Event()

    async def _work(self) -> None:
        self.begun += 1
        if self.begun == 1:
            raise ZeroDivisionError
        self.works.set()
        await asyncio.Event().wait()


async def test_work_that_fails_is_logged_and_begins_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background_task, "_RESTART", 0.0)
    async with Stumbles() as work:
        async with asyncio.timeout(PATIENCE):
            await work.works.wait()
        assert work.begun == 2
    assert caplog.text.count("Stumbles failed, and begins again") == 1
    assert "ZeroDivisionError" in caplog.text
