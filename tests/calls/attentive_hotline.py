"""A hotline with a recogniser, for tests that run beside other tests."""

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.speech.reading_time import slowest_reading
from testkit.hotline.running import RunningHotline
from testkit.phones import Phones
from testkit.speech_client import SpeechClient
from tests.speech.listening import too_slow


class Attentive(RunningHotline):
    """A hotline with a higher priority than other tests, so that its recogniser reads in time; it needs root."""

    def __init__(
        self, carrier: str, numbers: dict[str, Any], weights: Path, *, with_desk: bool = False, **more: str
    ) -> None:
        """``weights`` keeps the weights of known texts for the next hotline, because learning takes seconds."""
        super().__init__(carrier, numbers, with_desk=with_desk, **more)
        self._weights = weights

    def start(self) -> None:
        folder = Home(self.home).text_weights
        folder.mkdir(parents=True, exist_ok=True)
        _copy(self._weights, folder)
        super().start()

    def stop(self) -> int:
        code = super().stop()
        _copy(Home(self.home).text_weights, self._weights)
        return code

    def command(self) -> list[str]:
        return ["nice", "--adjustment=-10", *super().command()]

    def log_size(self) -> int:
        """Return the size of the engine's log in bytes."""
        return (Home(self.home).log / "engine.log").stat().st_size

    def slow_recognizer(self, since: int) -> str:
        """Return the engine's log line about a slow recogniser, after its first ``since`` bytes; "" if it has none."""
        with (Home(self.home).log / "engine.log").open("rb") as log:
            log.seek(since)
            lines = log.read().decode(errors="replace").splitlines()
        return next((line for line in lines if "too slow" in line), "")


def _copy(weights: Path, into: Path) -> None:
    """Copy each file that is missing in ``into``, atomically, because other tests copy the same files."""
    for file in weights.glob("*.npz"):
        if not (into / file.name).exists():
            fresh = into / f".{os.getpid()}"
            shutil.copyfile(file, fresh)
            fresh.replace(into / file.name)


def until_heard(
    phones: Phones, hotline: RunningHotline, hears: Callable[[RunningHotline], Coroutine[None, None, bool]]
) -> None:
    """Wait until a recogniser runs; skip the test if the machine is too busy for it to read in time."""

    def reading_time() -> float:
        measured = hotline.ask("speech")
        return float(measured["seconds"]) if measured else float("inf")

    def is_heard() -> bool:
        return reading_time() <= slowest_reading() and asyncio.run(hears(hotline))

    try:
        phones.until(is_heard, 60, "the model is loaded")
    except AssertionError:
        if slowest_reading() < (seconds := reading_time()) < float("inf"):
            pytest.skip(too_slow(seconds))
        raise


async def hears(hotline: RunningHotline) -> bool:
    """Whether the speech of a caller would be recognised now."""
    try:
        async with SpeechClient(hotline_facts.read(Home(hotline.home).hotline).speech_port) as asterisk:
            return "error_msg" not in await asterisk.create()
    except (TimeoutError, ConnectionClosed):  # because the recogniser is still loading
        return False
