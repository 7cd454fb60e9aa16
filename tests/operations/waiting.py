"""Waits for an event of a running hotline."""

import time
from collections.abc import Callable
from typing import TypeVar

from testkit.patience import PATIENCE

T = TypeVar("T")


def until(found: Callable[[], T]) -> T:
    """Wait until ``found`` returns something true, and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (what := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return what
