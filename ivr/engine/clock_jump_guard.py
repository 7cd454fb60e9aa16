"""Whether the machine's clock can be believed where something is deleted by it."""

import logging
import time

from ivr.texts import _

log = logging.getLogger(__name__)

_JUMP = 3600.0  # seconds
_BELIEVED = 86400.0  # seconds after which a clock that was set is believed: an admin has seen it by then


class ClockJumpGuard:
    """Compares the clock with the time that has passed: one that jumps ahead must not make everything old at once."""

    def __init__(self) -> None:
        """Believe the clock as it is now."""
        self._offset = time.time() - _passed()
        self._doubted_until = 0.0

    def is_steady(self) -> bool:
        """Tell whether the clock has gone on as it should, and log that it has not."""
        offset = time.time() - _passed()
        if abs(offset - self._offset) > _JUMP:
            self._offset, self._doubted_until = offset, _passed() + _BELIEVED
            log.error(_("the clock jumped; for a day nothing is deleted. Set it right, see 'ivr doctor'"))
        return _passed() >= self._doubted_until


def _passed() -> float:
    """Return seconds since the machine was started, those of its sleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
