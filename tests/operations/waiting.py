"""Waits for an event of a running hotline."""

import time
from collections.abc import Callable
from typing import TypeVar

from testkit.patience import PATIENCE

T = TypeVar("T")


def until(condition: Callable[[], T]) -> T:
    """Wait until ``condition`` returns a true value, and return the value."""
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return value
