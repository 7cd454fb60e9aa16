"""Several nodes on one database: a task has one node at a time, and no citizen is called back by two agents."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from ivr.records.derive.call_trace import trace_of
from ivr.records.store.claim_rows import claim_number, claimed_numbers, keep_claim
from ivr.records.store.database import Database, DatabaseUnusable
from testkit.patience import PATIENCE
from tests.records.conftest import migrated
from tests.records.written_call import CALLER, WrittenCall

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
SOON = timedelta(seconds=25)


def test_one_node_has_a_turn_and_another_node_gets_it_if_that_node_ends(database: Database, migrated_url: str) -> None:
    with migrated(migrated_url) as other_node:
        assert database.has_turn("clocks")
        assert database.has_turn("clocks")
        if migrated_url.startswith("sqlite"):
            assert other_node.has_turn("clocks"), "a single node has every turn"
            return
        assert not other_node.has_turn("clocks")
        assert other_node.has_turn("follow-ups"), "the turns of two tasks are independent"
        database.close()
        assert other_node.has_turn("clocks")


def test_a_node_loses_its_turn_with_its_connection(database: Database, migrated_url: str) -> None:
    if migrated_url.startswith("sqlite"):
        pytest.skip("SQLite has no connection that breaks")
    with migrated(migrated_url) as other_node:
        assert database.has_turn("clocks")
        with other_node.begin() as connection:
            of_this_database = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            locks = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
            connection.execute(text(locks + of_this_database))
        deadline = time.monotonic() + PATIENCE
        while not other_node.has_turn("clocks"):
            assert time.monotonic() < deadline, "the server releases the turn of the broken connection"
        with pytest.raises(DatabaseUnusable):
            database.has_turn("clocks")
        assert not database.has_turn("clocks")


def test_two_agents_of_two_nodes_never_claim_the_same_citizen(database: Database, migrated_url: str) -> None:
    with migrated(migrated_url) as other_node:
        assert claim_number(database, "13800000001", NOW, NOW + SOON)
        assert not claim_number(other_node, "13800000001", NOW, NOW + SOON)
        assert claimed_numbers(other_node, NOW) == {"13800000001"}
        assert claim_number(other_node, "13800000002", NOW, NOW + SOON)
        assert claim_number(other_node, "13800000001", NOW + SOON, NOW + 2 * SOON), "the claim has ended"
        keep_claim(other_node, "13800000001", NOW)
        assert claimed_numbers(database, NOW) == {"13800000002"}


def test_a_claim_from_before_the_clock_was_set_back_blocks_no_agent(sqlite: Database) -> None:
    assert claim_number(sqlite, "13800000001", NOW, NOW + SOON)
    earlier = NOW - timedelta(days=1)
    assert claim_number(sqlite, "13800000001", earlier, earlier + SOON)


def test_a_call_that_another_node_had_meanwhile_has_no_record() -> None:
    of_node = WrittenCall().picks_up(CALLER).wait(0.1).hangs_up(CALLER, cause=126).ends().events
    assert trace_of(of_node, [], {}) is None
    alone = [event._replace(linkedid="1767000000.12", uniqueid="1767000000.12") for event in of_node]
    assert trace_of(alone, [], {}), "without a front, a header of the caller is not trusted"


def test_a_call_that_a_node_did_not_answer_before_the_front_gave_it_to_another_node_has_no_record() -> None:
    cancelled_by_front = WrittenCall().wait(1.5).hangs_up(CALLER, cause=127).ends().events
    died = WrittenCall().events
    assert trace_of(cancelled_by_front, [], {}) is None
    assert trace_of(died, [], {}, NOW) is None
    assert trace_of(died, [], {}), "the node may still answer"
    by_caller = WrittenCall().wait(1.5).hangs_up(CALLER).ends().events
    assert trace_of(by_caller, [], {}), "the caller hung up before the answer, and has called nevertheless"
    answered = WrittenCall().picks_up(CALLER)
    assert trace_of(answered.events, [], {}, NOW), "the call was lost with its node"
    assert trace_of(answered.hangs_up(CALLER, cause=127).ends().events, [], {})
    for events in (cancelled_by_front, died):
        alone = [event._replace(linkedid="1767000000.12", uniqueid="1767000000.12") for event in events]
        assert trace_of(alone, [], {}, NOW), "a hotline on one machine has no other node"
