"""The meanings of a menu are computed before a caller needs them: at start, after a reload, and at midnight."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ivr.engine.menu_meanings import MenuMeanings
from ivr.intents.meaning_matcher import Compare, Compared
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.shipped import RECORDINGS
from ivr.site.registry_holder import RegistryHolder
from testkit.hotline.running import ROOT

SHIPPED = read(ROOT / "numbers.yaml", recorded(RECORDINGS))
NEW_PHRASE = "共享单车乱停"
NOON = datetime(2026, 12, 1, 12, tzinfo=CITY_TIME)
LIMIT = 60  # seconds


def with_phrase(registry: Registry, phrase: str) -> Registry:
    first, *others = registry.lines
    return replace(registry, lines=(replace(first, phrases=(*first.phrases, phrase)), *others))


class LearningHotline:
    """The registry in force, the city's clock, and the texts that were learnt."""

    def __init__(self) -> None:
        self.in_force = RegistryHolder(SHIPPED, None)  # type: ignore[arg-type] - without work orders
        self.now = NOON
        self.learnt: asyncio.Queue[Sequence[str]] = asyncio.Queue()
        self.menus = MenuMeanings(self.in_force, self._comparison(), lambda: self.now)

    def _comparison(self) -> Callable[[], Compare]:
        loop = asyncio.get_running_loop()

        def compare(
            texts: Sequence[str], others: Sequence[str], _owners: Sequence[Sequence[int]]
        ) -> Callable[[str], Compared]:
            loop.call_soon_threadsafe(self.learnt.put_nowait, texts)
            return lambda _sentence: ([0.0] * (len(texts) + len(others)), [0.0])

        return lambda: compare

    async def texts_of_all_menus(self) -> list[Sequence[str]]:
        async with asyncio.timeout(LIMIT):
            return [await self.learnt.get() for _menu in SHIPPED.menus]

    async def until_ready(self) -> None:
        """Wait until the meanings of all menus are computed."""
        registry, today = self.in_force.current, self.now.date()
        async with asyncio.timeout(LIMIT):
            await asyncio.gather(*(self.menus.meanings.at(registry, menu, today) for menu in registry.menus.values()))

    async def meaning(self, registry: Registry) -> None:
        """Ask for the meanings of a menu, as a caller's menu does."""
        await self.menus.meanings.at(registry, next(iter(registry.menus.values())), self.now.date())


@pytest.fixture
async def hotline() -> AsyncIterator[LearningHotline]:
    hotline = LearningHotline()
    async with AsyncExitStack() as resources:
        await hotline.menus.start(resources)
        await hotline.texts_of_all_menus()
        await hotline.until_ready()
        yield hotline


async def test_a_registry_is_learnt_at_the_reload_and_not_at_the_first_call(hotline: LearningHotline) -> None:
    hotline.in_force.replace(with_phrase(SHIPPED, NEW_PHRASE), None)  # type: ignore[arg-type]
    assert all(NEW_PHRASE in texts for texts in await hotline.texts_of_all_menus())


async def test_callers_are_not_asked_to_speak_while_the_new_registry_is_learnt(hotline: LearningHotline) -> None:
    hotline.in_force.replace(with_phrase(SHIPPED, NEW_PHRASE), None)  # type: ignore[arg-type]
    assert not hotline.menus.are_ready
    await hotline.texts_of_all_menus()
    await hotline.until_ready()
    assert hotline.menus.are_ready


async def test_a_call_with_the_old_registry_causes_no_learning(hotline: LearningHotline) -> None:
    new = with_phrase(SHIPPED, NEW_PHRASE)
    hotline.in_force.replace(new, None)  # type: ignore[arg-type]
    await hotline.texts_of_all_menus()
    await hotline.until_ready()
    for registry in (SHIPPED, new, SHIPPED, new):
        await hotline.meaning(registry)
    assert hotline.learnt.empty()


async def test_a_new_day_is_learnt_at_midnight() -> None:
    hotline = LearningHotline()
    hotline.now = NOON.replace(hour=23, minute=59, second=59, microsecond=900_000)
    async with AsyncExitStack() as resources:
        await hotline.menus.start(resources)
        await hotline.texts_of_all_menus()
        hotline.now += timedelta(seconds=1)
        await hotline.texts_of_all_menus()
        await hotline.until_ready()
        await hotline.meaning(SHIPPED)
        assert hotline.learnt.empty()
