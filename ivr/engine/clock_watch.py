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

_EVERY = 1.0  # seconds between two checks of the clock
_TIMES = 5  # checks in a row with a wake-up, because a caller may be between two waits at the first


class ClockWatch(BackgroundTask):
    """Watches the system clock while its context is open."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._ami = ami

    async def _work(self) -> None:
        earlier_lead, wake_ups_left = system_clock_lead(), 0
        while True:
            await asyncio.sleep(_EVERY)
            lead = system_clock_lead()
            step, earlier_lead = lead - earlier_lead, lead
            if abs(step) > SMALLEST_STEP:
                log.warning(_("the clock was set by %+d s; callers keep waiting, phones stay registered"), step)
                wake_ups_left = _TIMES if step < 0 else 0
                await _logged(move_registrations(self._ami, round(step)))
            if wake_ups_left:
                wake_ups_left -= 1
                await _logged(look_again(self._ami))


async def _logged(action: Awaitable[object]) -> None:
    """Await an AMI action; log its failure."""
    try:
        await action
    except AmiError as error:
        log.error("%s", error)
