"""A node of this version goes on beside a node of the next version, whose words it does not know."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy import insert, select

from ivr.cluster import node_store
from ivr.cluster.cluster_schema import CLUSTER_NODES, NODE_REQUESTS
from ivr.cluster.node_decision import NodeFacts, node_state, nodes_for_homes
from ivr.cluster.node_model import NodeState, WantedState
from ivr.control.control_client import RequestRefused
from ivr.engine.node_control import NodeControl
from ivr.records.store.database import Database
from ivr.runtime import secrets
from testkit.patience import PATIENCE
from testkit.provision.databases import new_database
from tests.records.conftest import migrated_name, opened, postgres_socket

__all__ = ["postgres_socket"]

_REPORT = {"why": "", "calls": 2, "program": "9.0", "registry": "r1", "secrets": "s"}


@pytest.fixture
def database(postgres_socket: Path, common_folder: Path) -> Iterator[Database]:
    with new_database(postgres_socket, migrated_name(postgres_socket, common_folder)) as url, opened(url) as database:
        yield database


def test_a_node_in_an_unknown_state_gets_no_queues(database: Database) -> None:
    node_store.report(database, "west", {**_REPORT, "state": "resting", "status": {"unheard-of": [1]}})
    (west,) = node_store.nodes(database)
    assert west.lives
    assert west.state is NodeState.DRAINING
    assert (west.groups, west.call_ids, west.staff) == ([], frozenset(), {})
    assert nodes_for_homes([west], sees_all=True) == set()
    east = NodeFacts("east", WantedState.OPEN, stopping=False, registry_problem="", secrets="another")
    assert node_state(east, [west]) == (NodeState.OPEN, "")


def test_a_node_takes_no_new_calls_if_it_does_not_know_the_state_that_it_should_have(database: Database) -> None:
    row = {"node": "west", "wanted": "half-open", "wanted_by": "admin", "state": "open", **_REPORT}
    with database.begin() as connection:
        connection.execute(insert(CLUSTER_NODES).values(**row, seen_at=node_store.now_of(connection)))
    assert node_store.report(database, "west", {**_REPORT, "state": "open"}) is WantedState.DRAINED
    (west,) = node_store.nodes(database)
    assert west.wanted is WantedState.DRAINED
    with database.begin() as connection:
        assert connection.scalar(select(CLUSTER_NODES.c.wanted)) == "half-open", "for the nodes that know it"


async def test_an_unknown_request_is_refused_and_logged_and_the_next_is_done(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def greet(name: str) -> str:
        return f"good morning, {name}"

    migrated = asyncio.Event()
    migrated.set()
    newer = NodeControl(database, "west", migrated, {})
    async with NodeControl(database, "east", migrated, {"greet": greet}):
        with caplog.at_level(logging.WARNING), pytest.raises(RequestRefused, match="another version"):
            await newer.ask("east", "sing", PATIENCE, song="1")
        assert [record.getMessage() for record in caplog.records] == [
            "another node asks for 'sing', which this version does not know"
        ]
        with pytest.raises(RequestRefused):
            await newer.ask("east", "greet", PATIENCE, name="8001", loudly=True)
        assert await newer.ask("east", "greet", PATIENCE, name="8001") == "good morning, 8001"
    with database.begin() as connection:
        assert connection.execute(select(NODE_REQUESTS)).all() == []


def test_nodes_of_two_versions_with_one_secrets_file_have_one_fingerprint() -> None:
    """A node whose fingerprint differs from the others' takes no calls, so that the fingerprint may never change."""
    of_file = secrets.Secrets("ami", MappingProxyType({"8001": "p"}), MappingProxyType({"8001": "123456"}), "e", "page")
    assert secrets.fingerprint(of_file) == "6c8cf25682859636"
