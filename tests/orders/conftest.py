"""The dispatch directory that tests of work orders share, and databases of both kinds."""

from pathlib import Path

import pytest

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import load_directory
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from tests.records.conftest import database, database_url, migrated_url, postgres_socket, sqlite

__all__ = ["database", "database_url", "migrated_url", "postgres_socket", "sqlite"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))


@pytest.fixture(scope="session")
def directory(registry: Registry) -> OrderDirectory:
    """The shipped orders.yaml, with a policy officer."""
    text = (ROOT / "orders.yaml").read_text(encoding="utf-8")
    officer = "  officers:\n    - { name: 李专员, unit: 市税务局, topics: [留抵退税] }\n"
    ledger = "  ledger: [complaint, report]\n"
    assert ledger in text
    return load_directory(text.replace(ledger, ledger + officer), "orders.yaml", registry)
