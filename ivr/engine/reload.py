"""A new registry for new calls; calls in progress keep the one they began with."""

import asyncio
import logging

from agi_scripts.hotline import Hotline
from ivr.asterisk.config.console import Console
from ivr.asterisk.config.readback import differences
from ivr.asterisk.config.render import Settings, write
from ivr.control.client import Refused
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.runtime import secrets
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.facts import Facts
from ivr.runtime.layout import Home
from ivr.site import asterisk_settings, registry_history, registry_snapshot, slow_prompts

log = logging.getLogger(__name__)

_RELOADS = {
    "pjsip.conf": "module reload res_pjsip.so",
    "queues.conf": "queue reload all",
    "extensions.conf": "dialplan reload",
}


class Reloader:
    """Applies registries to one running hotline."""

    def __init__(self, home: Home, facts: Facts, asterisk: AsteriskRuntime, hotline: Hotline) -> None:
        """Remember what every registry is applied to."""
        self._home, self._facts, self._asterisk, self._hotline = home, facts, asterisk, hotline
        self._console = Console(home.asterisk_socket)

    async def apply(self, text: str, file: str, by: str = "") -> dict[str, int]:
        """Put the registry ``text`` in force; ``by`` is the user who asked.

        Returns:
            How many numbers and seats it has.

        Raises:
            Refused: it has problems, each a line, or Asterisk did not take it; the old one stays in force.
        """
        try:
            registry = registry_history.check(text, file, asterisk_settings.RECORDINGS)
        except RegistryError as error:
            raise Refused(*map(str, error.problems)) from None
        before, after = self._settings(self._hotline.registry), self._settings(registry)
        if problem := await asyncio.to_thread(slow_prompts.refresh, registry, after):
            log.warning("%s", problem)
        await self._load(after)
        if wrong := await differences(self._console, after):
            await self._load(before)
            raise Refused(*wrong)
        registry_history.keep(self._home, text, self._hotline.now(), by)
        registry_snapshot.keep(self._home, registry)
        self._hotline.registry = registry
        return {"numbers": len({line.number for line in registry.lines}), "seats": len(registry.seats)}

    def _settings(self, registry: Registry) -> Settings:
        passwords = secrets.load_or_make(self._home.secrets, registry.seats)
        return asterisk_settings.settings(
            registry, self._home, self._facts, passwords, self._asterisk, self._hotline.now()
        )

    async def _load(self, settings: Settings) -> None:
        for name in write(settings):
            if name in _RELOADS:
                await self._console.run(_RELOADS[name])
