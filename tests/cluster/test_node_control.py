"""A node performs the requests of another node, in a real PostgreSQL."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from ivr.control.control_client import RequestRefused
from ivr.engine import node_control
from ivr.engine.node_control import NodeControl
from ivr.records.store.database import Database
from testkit.patience import PATIENCE
from testkit.provision.databases import new_database
from tests.records.conftest import migrated_name, opened, postgres_socket

__all__ = ["postgres_socket"]


@pytest.fixture
def database(postgres_socket: Path, common_folder: Path) -> Iterator[Database]:
    with new_database(postgres_socket, migrated_name(postgres_socket, common_folder)) as url, opened(url) as database:
        yield database


async def test_a_node_performs_a_request_at_its_notice_also_after_a_lost_connection(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_control, "_READ_INTERVAL", 10 * PATIENCE)

    async def greet(name: str) -> str:
        if not name:
            raise RequestRefused("nobody to greet")
        return f"good morning, {name}"

    migrated = asyncio.Event()
    migrated.set()
    west = NodeControl(database, "west", migrated, {})
    async with NodeControl(database, "east", migrated, {"greet": greet}):
        assert await west.ask("east", "greet", PATIENCE, name="8001") == "good morning, 8001"
        with pytest.raises(RequestRefused, match="nobody to greet"):
            await west.ask("east", "greet", PATIENCE, name="")
        with database.begin() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            )
        assert await west.ask("east", "greet", PATIENCE, name="8002") == "good morning, 8002"
