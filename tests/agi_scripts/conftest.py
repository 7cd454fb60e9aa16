"""The call scripts as the engine serves them, with a fake Asterisk."""

import logging
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from agi_scripts.meanings import Meaning, Meanings
from ivr.asterisk.agi.fastagi import FastAgiServer
from ivr.engine.metrics import count_failure
from ivr.engine.scripts import scripts
from ivr.registry.load import read
from ivr.registry.model import Menu, Registry
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices

PROJECT = Path(__file__).parents[2]
NIGHT_OF_A_HOLIDAY = datetime(2026, 10, 1, 3, tzinfo=CITY_TIME)  # so that it holds for 7×24, too


@pytest.fixture(scope="session")
def prompts() -> Collection[str]:
    """The shipped prompts; read once, because a thousand tests would each search their folders."""
    return recorded(PROJECT / "recordings")


@pytest.fixture(scope="session")
def shipped(prompts: Collection[str]) -> Registry:
    """The shipped registry."""
    return read(PROJECT / "numbers.yaml", prompts)


@pytest.fixture(scope="session")
def unrated(shipped: Registry) -> Registry:
    """The shipped registry, without the question for a rating."""
    return replace(shipped, timers=replace(shipped.timers, rating=0))


@pytest.fixture
def registry(unrated: Registry) -> Registry:
    """The registry in force; a test may have another."""
    return unrated


class KeptMeanings(Meanings):
    """Meanings at a menu, prepared once for all tests with the same registry."""

    _kept: ClassVar[dict[tuple[int, str, date], tuple[Registry, Meaning]]] = {}

    def _make(self, registry: Registry, menu: Menu, on: date) -> Meaning:
        same = id(registry), menu.name, on
        if same not in self._kept:
            # The registry is kept alive, so that no other registry gets its id.
            self._kept[same] = registry, super()._make(registry, menu, on)
        return self._kept[same][1]


@pytest.fixture
def services(registry: Registry, prompts: Collection[str]) -> FakeServices:
    has_prompt = prompts.__contains__
    return FakeServices(registry, lambda: NIGHT_OF_A_HOLIDAY, has_prompt=has_prompt, meanings=KeptMeanings())


@pytest.fixture
async def asterisk(services: FakeServices) -> AsyncIterator[FakeAsterisk]:
    async with FastAgiServer(scripts(services, count_failure)) as server:
        yield FakeAsterisk(server.host, server.port)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The engine's log, from the level warning up."""
    caplog.set_level(logging.WARNING)
    return caplog
