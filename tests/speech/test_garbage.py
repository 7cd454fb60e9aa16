"""Objects that are kept for good cost no later collection time, and are freed when nothing needs them any more."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from ivr.garbage import keep_for_good


class LoadedCycle:
    """An object that a process has loaded; it is a cycle, so that only a collection can free it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_a_collection_skips_objects_that_are_kept_for_good() -> None:
    loaded = LoadedCycle()
    assert any(kept_object is loaded for kept_object in gc.get_objects())
    keep_for_good()
    assert not any(kept_object is loaded for kept_object in gc.get_objects())


def test_garbage_among_kept_objects_is_freed_when_more_objects_are_kept() -> None:
    loaded = LoadedCycle()
    keep_for_good()
    reference = weakref.ref(loaded)
    del loaded
    gc.collect()
    assert reference(), "a collection does not free a kept object"
    keep_for_good()
    assert not reference()
