"""A new registry, with the recordings that belong to it, for new calls; calls in progress keep their registry."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ivr.asterisk.config.console import Console
from ivr.asterisk.config.readback import differences
from ivr.asterisk.config.render import Settings, write
from ivr.control.control_client import RequestRefused
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.runtime import secrets
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.facts import Facts
from ivr.runtime.layout import Home
from ivr.shipped import RECORDINGS
from ivr.site import (
    asterisk_settings,
    candidate,
    orders_in_force,
    prompts_in_force,
    registry_history,
    registry_snapshot,
    slow_prompts,
    staging,
)
from ivr.site.candidate import RegistryCandidate
from ivr.site.prompt_catalogue import catalogue
from ivr.site.registry_holder import RegistryHolder
from ivr.site.staging import Staged
from ivr.texts import _

log = logging.getLogger(__name__)

_RELOADS = {
    "pjsip.conf": "module reload res_pjsip.so",
    "queues.conf": "queue reload all",
    "generated/": "dialplan reload",
}


class Reloader:
    """Applies registries to one running hotline."""

    def __init__(
        self,
        home: Home,
        facts: Facts,
        asterisk: AsteriskRuntime,
        in_force: RegistryHolder,
        now: Callable[[], datetime],
    ) -> None:
        """Remember what every registry is applied to."""
        self._home, self._facts, self._asterisk = home, facts, asterisk
        self._in_force, self._now = in_force, now
        self._console = Console(home.asterisk_socket)
        self._one_at_a_time = asyncio.Lock()

    async def apply(self, name: str, file: str, by: str = "") -> dict[str, int]:
        """Put in force what was staged under ``name``, and discard the staged copy.

        Args:
            name: that `ivr.site.staging.stage` gave.
            file: the registry's name for messages.
            by: the user who asked.

        Returns:
            How many numbers and seats the registry has.

        Raises:
            RequestRefused: it has problems, each a line, or Asterisk did not take it; the old one stays in force.
        """
        try:
            staged = staging.staged(self._home, name)
        except FileNotFoundError:
            raise RequestRefused(_("nothing was staged under {name}").format(name=ascii(name))) from None
        try:
            async with self._one_at_a_time:
                checked = await asyncio.to_thread(_checked, staged, file)
                await self._apply(checked, by)
        except RegistryError as error:
            raise RequestRefused(*map(str, error.problems)) from None
        except OSError as error:
            raise RequestRefused(_("the state folder cannot be written: {error}").format(error=error)) from None
        finally:
            staged.discard()
        registry = checked.registry
        return {"numbers": len({line.number for line in registry.lines}), "seats": len(registry.seats)}

    async def _apply(self, checked: RegistryCandidate, by: str) -> None:
        prompts = await asyncio.to_thread(prompts_in_force.prepare, self._home, checked.catalogue)
        if problem := await asyncio.to_thread(slow_prompts.refresh, checked.registry, prompts):
            log.warning("%s", problem)
        before, after = self._settings(self._in_force.current), self._settings(checked.registry)
        await self._load(after)
        if wrong := await differences(self._console, after):
            await self._load(before)
            raise RequestRefused(*wrong)
        now, recordings = self._now(), checked.catalogue.own
        orders = checked.orders.text if checked.orders.own else None
        await asyncio.to_thread(registry_history.keep, self._home, checked.text, now, by, recordings, orders)
        registry_snapshot.keep(self._home, checked.registry)
        prompts_in_force.switch(self._home, prompts)
        self._in_force.replace(checked.registry, checked.directory)

    def _settings(self, registry: Registry) -> Settings:
        passwords = secrets.load_or_make(self._home.secrets, registry.seats)
        return asterisk_settings.settings(registry, self._home, self._facts, passwords, self._asterisk, self._now())

    async def _load(self, settings: Settings) -> None:
        written = write(settings)
        for name, command in _RELOADS.items():
            if any(file.startswith(name) for file in written):
                await self._console.run(command)


def _checked(staged: Staged, file: str) -> RegistryCandidate:
    orders = orders_in_force.kept(staged.orders, str(Path(file).with_name(registry_history.ORDERS)))
    return candidate.check(staged.text, file, catalogue(RECORDINGS, staged.recordings), orders)
