"""What is kept for good costs no later collection anything, and is given back when nothing needs it any more."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from ivr.garbage import keep_for_good


class Loaded:
    """What a process has loaded; a cycle, so that only a collection can give it back."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_a_collection_does_not_look_at_what_is_kept_for_good() -> None:
    loaded = Loaded()
    assert any(each is loaded for each in gc.get_objects())
    keep_for_good()
    assert not any(each is loaded for each in gc.get_objects())


def test_what_was_kept_and_is_garbage_goes_when_more_is_kept() -> None:
    loaded = Loaded()
    keep_for_good()
    left = weakref.ref(loaded)
    del loaded
    gc.collect()
    assert left(), "it is spared"
    keep_for_good()
    assert not left()
