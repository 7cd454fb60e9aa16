"""The machine's clock, which may be set while calls are up."""

import time

SET = 2.0  # seconds; a smaller difference does not count as a clock step


def ahead() -> float:
    """Return by how many seconds the system clock is ahead of the monotonic clock."""
    return time.time() - time.monotonic()
