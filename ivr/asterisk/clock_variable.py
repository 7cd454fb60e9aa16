"""The machine's clock, which may be set while calls are up."""

import time

SET = 2.0  # seconds by which a clock is said to have been set; less is waited out


def ahead() -> float:
    """Return by how many seconds the system clock is ahead of the monotonic clock."""
    return time.time() - time.monotonic()
