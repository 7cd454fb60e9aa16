"""The project's own registry."""

from pathlib import Path

import pytest

from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def chenzhou() -> Registry:
    """numbers.yaml as it is shipped."""
    return read(PROJECT / "numbers.yaml", recorded(PROJECT / "recordings"))
