"""An orders.yaml with a province's platform and a neighbouring hotline, and databases of both kinds."""

from collections.abc import Callable
from dataclasses import replace
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
ORDERS = (ROOT / "orders.yaml").read_text(encoding="utf-8")
POLICE = "市公安局110"
SECTIONS = """
platforms:
  province:
    url: http://127.0.0.1:1/messages
    sends: [calls, orders, follow-ups]
    accepts: [open, supervise, remind, redo, close, note]
  police:
    url: http://127.0.0.1:1/messages
"""


@pytest.fixture(scope="session")
def registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))


@pytest.fixture(scope="session")
def directory_of(registry: Registry) -> Callable[[str], OrderDirectory]:
    """Return the shipped orders.yaml with other sections behind it, and a unit whose work orders go to 110."""

    def read_with(sections: str) -> OrderDirectory:
        units = ORDERS.replace("\nunits:\n", f"\nunits:\n  - {{ name: {POLICE}, platform: police }}\n")
        return load_directory(units + sections, "orders.yaml", registry)

    return read_with


@pytest.fixture(scope="session")
def directory(directory_of: Callable[[str], OrderDirectory]) -> OrderDirectory:
    return directory_of(SECTIONS)


@pytest.fixture
def directory_at(directory: OrderDirectory) -> Callable[..., OrderDirectory]:
    """Return the directory with platforms at other addresses."""

    def at(**urls: str) -> OrderDirectory:
        platforms = {name: replace(each, url=urls.get(name, each.url)) for name, each in directory.platforms.items()}
        return replace(directory, platforms=platforms)

    return at
