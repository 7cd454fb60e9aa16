"""Ends a consult whose agent and citizen hung up at the same moment, because Asterisk then leaves the party in it."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from ivr.asterisk.ami import call_actions
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks


class LeftConsults:
    """The consults in progress."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._ami = ami

    @contextlib.asynccontextmanager
    async def watch(self, consult: str, *parties: str) -> AsyncIterator[None]:
        """Hang up the channel ``consult`` if all parties are gone while the block runs."""
        task = asyncio.create_task(self._watch(consult, parties))
        try:
            yield
        finally:
            task.cancel()

    async def _watch(self, consult: str, parties: tuple[str, ...]) -> None:
        looks_without_party = 0
        while looks_without_party < 2:  # Asterisk ends most of them by itself at once
            await asyncio.sleep(_EVERY)
            try:
                looks_without_party = 0 if await self._any_is_up(parties) else looks_without_party + 1
            except AmiError as error:
                log.debug("a consult is not watched: %s", error)
        log.info(_("a consult is ended, because agent and citizen are gone: %s"), consult)
        with contextlib.suppress(AmiError):  # it has ended by itself
            await call_actions.hang_up(self._ami, consult)

    async def _any_is_up(self, parties: tuple[str, ...]) -> bool:
        for party in parties:
            if await call_actions.is_up(self._ami, party):
                return True
        return False
