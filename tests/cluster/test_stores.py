"""Nodes and the registry that all share, in a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.cluster import node_store, registry_store, wrong_pins
from ivr.cluster.node_model import WantedState
from ivr.cluster.registry_store import ProposalPending, ProposalState, RegistryOffer
from ivr.records.store.database import Database
from testkit.provision.databases import new_database
from tests.records.conftest import migrated_name, opened, postgres_socket

__all__ = ["postgres_socket"]

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
SAID = {"state": "open", "why": "", "calls": 2, "program": "0.1.0", "registry": "r1", "secrets": "s"}


@pytest.fixture
def database(postgres_socket: Path, common_folder: Path) -> Iterator[Database]:
    with new_database(postgres_socket, migrated_name(postgres_socket, common_folder)) as url, opened(url) as database:
        yield database


def offer(text: str, recordings: Path | None = None, at: datetime = NOW) -> RegistryOffer:
    return RegistryOffer(text, None, recordings, "numbers.yaml", "admin", at)


def test_a_node_that_is_drained_reads_so_at_its_next_report_and_stays_so(database: Database) -> None:
    assert node_store.report(database, "east", SAID) is WantedState.OPEN
    assert not node_store.set_wanted_state(database, "est", WantedState.DRAINED, "admin"), "there is no such node"
    assert node_store.set_wanted_state(database, "east", WantedState.DRAINED, "admin")
    assert node_store.report(database, "east", {**SAID, "state": "draining"}) is WantedState.DRAINED
    (east,) = node_store.nodes(database)
    assert east.lives
    assert (east.to_json()["state"], east.calls, east.wanted_by) == ("draining", 2, "admin")


def test_a_registry_is_in_force_for_all_once_it_is_decided_and_never_before(database: Database, tmp_path: Path) -> None:
    (tmp_path / "own/zh").mkdir(parents=True)
    (tmp_path / "own/zh/opening.wav").write_bytes(b"RIFF")
    assert registry_store.first_of_all(database, offer("first"))
    assert not registry_store.first_of_all(database, offer("of another node")), "the cluster has one already"
    number = registry_store.propose(database, offer("second", tmp_path / "own"))
    with pytest.raises(ProposalPending):
        registry_store.propose(database, offer("third"))
    for node in ("east", "west"):
        proposed = registry_store.pending(database, node)
        assert proposed is not None
        registry_store.vote(database, proposed.number, node, "")
        assert registry_store.pending(database, node) is None
    before = registry_store.in_force(database)
    assert before is not None
    assert before.text == "first"
    assert registry_store.votes(database, number) == {"east": "", "west": ""}
    assert registry_store.decide(database, number, ProposalState.IN_FORCE)
    assert not registry_store.decide(database, number, ProposalState.REFUSED), "it is decided once"
    after = registry_store.in_force(database, before.digest)
    assert after is not None
    assert after.text == "second"
    registry_store.write_files(database, after.files, tmp_path / "there")
    assert (tmp_path / "there/zh/opening.wav").read_bytes() == b"RIFF"
    assert registry_store.in_force(database, after.digest) is None, "a node that has it reads nothing more"


def test_a_proposal_of_a_node_that_died_blocks_no_other_for_long(database: Database) -> None:
    lost = registry_store.propose(database, offer("lost"))
    registry_store.propose(database, offer("next", at=NOW + timedelta(minutes=3)))
    assert not registry_store.decide(database, lost, ProposalState.IN_FORCE)


def test_wrong_pins_are_counted_over_all_nodes(database: Database) -> None:
    wrong_pins.add(database, ["seat 8001", "phone 8002"], NOW, NOW - timedelta(minutes=5))
    wrong_pins.add(database, ["seat 8001"], NOW, NOW - timedelta(minutes=5))
    assert wrong_pins.count(database, "seat 8001", NOW - timedelta(minutes=5)) == 2
    wrong_pins.forget(database, ["seat 8001"])
    assert wrong_pins.count(database, "seat 8001", NOW - timedelta(minutes=5)) == 0
    assert wrong_pins.count(database, "phone 8002", NOW - timedelta(minutes=5)) == 1
