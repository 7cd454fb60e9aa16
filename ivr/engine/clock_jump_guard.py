"""Guards deletions against a jump of the system clock."""

import logging
import time

from ivr.texts import _

log = logging.getLogger(__name__)

_JUMP = 3600.0  # seconds
_TRUSTED_AFTER = 86400.0  # seconds after a jump, because an admin has seen the log line by then


class ClockJumpGuard:
    """Compares the system clock with the time since boot, because a jump ahead would expire all data at once."""

    def __init__(self) -> None:
        """Trust the clock as it is now."""
        self._offset = time.time() - _seconds_since_boot()
        self._distrusted_until = 0.0

    def is_steady(self) -> bool:
        """Return whether the clock can be trusted; log a jump once."""
        offset = time.time() - _seconds_since_boot()
        if abs(offset - self._offset) > _JUMP:
            self._offset, self._distrusted_until = offset, _seconds_since_boot() + _TRUSTED_AFTER
            log.error(_("the clock jumped; nothing is deleted for a day. Set the clock, see 'ivr doctor'"))
        return _seconds_since_boot() >= self._distrusted_until


def _seconds_since_boot() -> float:
    """Return the seconds since boot, the time of suspend included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
