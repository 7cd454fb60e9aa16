"""Finds out whether the system clock was set, as may happen while calls are up."""

import time

SMALLEST_STEP = 2.0  # seconds; a smaller difference does not count as a clock step


def system_clock_lead() -> float:
    """Return by how many seconds the system clock is ahead of the monotonic clock."""
    return time.time() - time.monotonic()
