"""Keeps queue callers and registrations alive when the system clock is set."""

import asyncio
import logging
from collections.abc import Awaitable

from ivr.asterisk.ami.clock_change import look_again, move_registrations
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.clock_variable import SMALLEST_STEP, system_clock_lead
from ivr.engine.background_task import BackgroundTask
from ivr.texts import _

log = logging.getLogger(__name__)

# Seconds between two checks of the clock. Asterisk deletes expired registrations every 30 s; if it does so between the
# moment when the clock is set and the next check, all seats are offline until their phones register again.
_EVERY = 0.25
_WAKE_UPS = 5  # of the queue callers, one a second, because a caller may be between two waits at the first
_CHECKS_A_WAKE_UP = 4


class ClockWatch(BackgroundTask):
    """Watches the system clock while its context is open."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._ami = ami

    async def _work(self) -> None:
        earlier_lead, checks_left = system_clock_lead(), 0  # checks of the time in which callers are woken
        while True:
            await asyncio.sleep(_EVERY)
            lead = system_clock_lead()
            step, earlier_lead = lead - earlier_lead, lead
            if abs(step) > SMALLEST_STEP:
                log.warning(_("the clock was set by %+d s; callers keep waiting, phones stay registered"), step)
                checks_left = _WAKE_UPS * _CHECKS_A_WAKE_UP if step < 0 else 0
                await _logged(move_registrations(self._ami, round(step)))
            if checks_left:
                if checks_left % _CHECKS_A_WAKE_UP == 0:
                    await _logged(look_again(self._ami))
                checks_left -= 1


async def _logged(action: Awaitable[object]) -> None:
    """Await an AMI action; log its failure."""
    try:
        await action
    except AmiError as error:
        log.error("%s", error)
