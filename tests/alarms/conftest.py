"""A registry with limits of alarms, and databases of both kinds."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.registry.alarm_model import AlarmReceiver, Alarms
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from tests.records.conftest import database, database_url, migrated_url, postgres_socket, sqlite

__all__ = ["database", "database_url", "migrated_url", "postgres_socket", "sqlite"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def registry() -> Registry:
    """numbers.yaml as it is shipped."""
    return read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))


def with_receivers(registry: Registry, *receivers: AlarmReceiver) -> Registry:
    """Return the registry with these receivers of alarms."""
    return replace(registry, alarms=Alarms(receivers={receiver.name: receiver for receiver in receivers}))
