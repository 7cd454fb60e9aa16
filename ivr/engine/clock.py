"""A clock that is set back: who waits in Asterisk for a moment that is long in coming now is helped on."""

import asyncio
import logging
import time

from ivr.asterisk.ami import Ami, AmiError
from ivr.asterisk.waiting import look_again
from ivr.engine.background import Background
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 1.0  # seconds between two looks at the clock
_SET_BACK = 2.0  # seconds; less is for Asterisk to wait out
_TIMES = 5  # to help on, one look apart: who was in between two waits is in one by then


def ahead() -> float:
    """Return how many seconds the clock is ahead of one that nobody can set."""
    return time.time() - time.monotonic()


class Clock(Background):
    """Watches the clock for as long as it is entered."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._ami = ami

    async def _work(self) -> None:
        before, left = ahead(), 0
        while True:
            await asyncio.sleep(_EVERY)
            now = ahead()
            if now < before - _SET_BACK:
                log.warning(_("the clock was set back by %d s; who waits in a queue is helped on"), before - now)
                left = _TIMES
            before = now
            if left:
                left -= 1
                await self._help_on()

    async def _help_on(self) -> None:
        try:
            await look_again(self._ami)
        except AmiError as error:
            log.error("%s", error)
