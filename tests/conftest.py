"""What holds for all tests: exact texts are asserted in English, and no test changes what others' files allow."""

import os
from collections.abc import Iterator

import pytest

os.environ["LANGUAGE"] = "en"  # before ivr.texts is imported
os.environ["LC_ALL"] = "C.UTF-8"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put real calls first: they wait more than they compute, and none of them is to be what all others wait for."""
    items.sort(key=lambda item: "hotline" not in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """The ``ivr`` command sets a umask for its own process, which in a test is everybody's."""
    before = os.umask(0o022)
    yield
    os.umask(before)
