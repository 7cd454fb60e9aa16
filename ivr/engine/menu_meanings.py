"""Makes the meanings of all menus ready before a caller needs them: at start, after a reload, and on a new day."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from agi_scripts.meanings import Meaning, Meanings
from ivr.site.registry_holder import RegistryHolder

if TYPE_CHECKING:
    from ivr.intents.meaning_matcher import Compare


class MenuMeanings:
    """The meanings of the menus of the registry in force."""

    def __init__(
        self,
        in_force: RegistryHolder,
        comparison: "Callable[[], Compare | None]",
        now: Callable[[], datetime],
    ) -> None:
        """``comparison`` loads the sentence encoder, None if there is none; ``now`` returns the city's time."""
        self.meanings = Meanings(comparison)
        self._in_force, self._now = in_force, now
        self._wanted = asyncio.Event()
        self._ready: list[asyncio.Future[Meaning]] = []  # of each menu

    @property
    def are_ready(self) -> bool:
        """Whether the meanings of all menus are ready; a caller does not wait for the seconds that they take."""
        return not self._wanted.is_set() and all(task.done() for task in self._ready)

    async def start(self, resources: AsyncExitStack) -> None:
        """Prepare the meanings now, and again when the registry or the day changes, until ``resources`` closes."""
        self._in_force.on_replaced(self._wanted.set)
        self._begin()
        keeping = asyncio.create_task(self._keep_ready())
        resources.callback(keeping.cancel)

    def _begin(self) -> None:
        self._wanted.clear()
        registry, today = self._in_force.current, self._now().date()
        self._ready = [self.meanings.at(registry, menu, today) for menu in registry.menus.values()]

    async def _keep_ready(self) -> None:
        while True:
            now = self._now()
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
            try:
                async with asyncio.timeout((midnight - now).total_seconds()):
                    await self._wanted.wait()
            except TimeoutError:
                pass  # a new day, on which other entries of the registry are in force
            self._begin()
