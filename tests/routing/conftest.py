"""The shipped registry."""

from pathlib import Path

import pytest

from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def chenzhou() -> Registry:
    """Return the shipped registry."""
    return read(PROJECT / "numbers.yaml", recorded(PROJECT / "recordings"))
