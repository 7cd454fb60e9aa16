"""The shipped registry as a caller may speak to it."""

from datetime import date
from pathlib import Path

import pytest

from ivr.intents.candidates import Candidates, candidates
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def chenzhou() -> Registry:
    """numbers.yaml as it is shipped."""
    return read(PROJECT / "numbers.yaml", recorded(PROJECT / "recordings"))


@pytest.fixture(scope="session")
def main(chenzhou: Registry) -> Candidates:
    """What there is to want at the hotline's menu."""
    return candidates(chenzhou, chenzhou.menus["main"], date(2026, 6, 1))
