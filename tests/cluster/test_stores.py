"""The nodes and the registry that they share, in a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from select import select as select_sockets

import pytest
from sqlalchemy import func, select, text, update

from ivr.cluster import home_store, node_requests, node_store, registry_store, signed_in_seats, wrong_pins
from ivr.cluster.cluster_schema import CLUSTER_HOMES, CLUSTER_NODES, NODE_REQUESTS
from ivr.cluster.group_homes import homes_at
from ivr.cluster.node_model import WantedState
from ivr.cluster.registry_store import ProposalPending, ProposalState, RegistryOffer
from ivr.cluster.signed_in_seats import SignedInSeat
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.notices import Notices
from testkit.patience import PATIENCE
from testkit.provision.databases import new_database
from tests.records.conftest import migrated_name, opened, postgres_socket

__all__ = ["postgres_socket"]

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
STATUS = {"state": "open", "why": "", "calls": 2, "program": "0.1.0", "registry": "r1", "secrets": "s"}


@pytest.fixture
def database(postgres_socket: Path, common_folder: Path) -> Iterator[Database]:
    with new_database(postgres_socket, migrated_name(postgres_socket, common_folder)) as url, opened(url) as database:
        yield database


def offer(text: str, recordings: Path | None = None, at: datetime = NOW) -> RegistryOffer:
    return RegistryOffer(text, None, recordings, "numbers.yaml", "admin", at)


def test_a_node_learns_at_its_next_report_that_it_is_drained_and_stays_drained(database: Database) -> None:
    assert node_store.report(database, "east", STATUS) is WantedState.OPEN
    assert not node_store.set_wanted_state(database, "est", WantedState.DRAINED, "admin"), "there is no such node"
    assert node_store.set_wanted_state(database, "east", WantedState.DRAINED, "admin")
    assert node_store.report(database, "east", {**STATUS, "state": "draining"}) is WantedState.DRAINED
    (east,) = node_store.nodes(database)
    assert east.lives
    assert (east.to_json()["state"], east.calls, east.wanted_by) == ("draining", 2, "admin")


def test_a_registry_is_in_force_for_all_nodes_after_the_decision_and_never_before(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "own/zh").mkdir(parents=True)
    (tmp_path / "own/zh/opening.wav").write_bytes(b"RIFF")
    assert registry_store.put_first_in_force(database, offer("first"))
    assert not registry_store.put_first_in_force(database, offer("of another node")), "the cluster has one already"
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
    assert registry_store.in_force(database, after.digest) is None, "a node that has this version reads no files"


def test_a_proposal_of_a_dead_node_does_not_block_the_next_proposal_for_long(database: Database) -> None:
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


def test_a_group_has_one_home_although_two_nodes_disagree_and_a_new_home_after_the_lease(
    database: Database,
) -> None:
    assert home_of(home_store.keep_homes(database, "east", {"water": "east"}, ())) == "east"
    assert home_of(home_store.keep_homes(database, "west", {"water": "west"}, ())) == "east", "the lease lasts"
    with database.begin() as connection:
        connection.execute(update(CLUSTER_HOMES).values(until=func.clock_timestamp()))
    homes = home_store.keep_homes(database, "west", {"water": "west"}, ())
    assert (home_of(homes), homes[0].generation) == ("west", 2)
    assert home_of(home_store.keep_homes(database, "east", {"water": "east"}, {"water"})) == "west", "east was late"


def test_a_home_keeps_its_lease_until_it_has_given_up_the_queue(database: Database) -> None:
    home_store.keep_homes(database, "east", {"water": "east"}, ())
    assert home_of(home_store.keep_homes(database, "east", {"water": "west"}, {"water"})) == "east"
    home_store.give_up(database, "east", ["water"])
    assert home_of(home_store.keep_homes(database, "east", {"water": "west"}, ())) == ""
    assert home_of(home_store.keep_homes(database, "west", {"water": "west"}, ())) == "west"


def test_a_sign_of_life_alone_keeps_a_nodes_state_and_queues(database: Database) -> None:
    node_store.report(database, "east", STATUS)
    first = home_store.keep_homes(database, "east", {"water": "east"}, ())
    with database.begin() as connection:
        long_ago = func.clock_timestamp() - timedelta(seconds=60)
        soon = func.clock_timestamp() + timedelta(seconds=2)
        connection.execute(update(CLUSTER_NODES).values(seen_at=long_ago))
        connection.execute(update(CLUSTER_HOMES).values(until=soon))
    node_store.say_alive(database, "east")
    home_store.keep_homes(database, "east", {}, {"water"})
    (east,) = node_store.nodes(database)
    assert (east.lives, east.calls) == (True, 2)
    with database.begin() as connection:
        is_renewed = connection.scalar(select(CLUSTER_HOMES.c.until > func.clock_timestamp() + timedelta(seconds=2.5)))
    assert is_renewed
    assert home_store.keep_homes(database, "west", {"water": "west"}, ()) == first


def test_only_the_home_of_a_group_stores_its_signed_in_seats(database: Database) -> None:
    home_store.keep_homes(database, "east", {"water": "east", "tax": "west"}, ())
    here = SignedInSeat("water", "8001", "8002", is_paused=True, reason="meal", busy_at="east")
    stranger = SignedInSeat("tax", "8003", "8003", is_paused=False, reason="")
    signed_in_seats.replace(database, "east", {"water", "tax"}, {here, stranger})
    assert signed_in_seats.signed_in_seats(database, {"water", "tax"}) == {here}
    signed_in_seats.replace(database, "west", {"water"}, ())
    assert signed_in_seats.signed_in_seats(database, {"water"}) == {here}, "west is not the home"
    signed_in_seats.no_longer_busy(database, "east", {"8002"})
    (free,) = signed_in_seats.signed_in_seats(database, {"water"})
    assert free.busy_at == ""


def test_the_end_of_a_call_at_the_earlier_home_is_written_until_no_home_writes_it_away(database: Database) -> None:
    home_store.keep_homes(database, "east", {"water": "east"}, ())
    in_call = SignedInSeat("water", "8001", "8001", is_paused=False, reason="", busy_at="west")
    signed_in_seats.replace(database, "east", {"water"}, {in_call})
    read = signed_in_seats.signed_in_seats(database, {"water"})
    assert signed_in_seats.no_longer_busy(database, "west", {"8001"})
    signed_in_seats.replace(database, "east", {"water"}, read)
    assert signed_in_seats.no_longer_busy(database, "west", {"8001"}), "so it has to be written once more"
    assert not signed_in_seats.no_longer_busy(database, "west", {"8001"})
    (seat,) = signed_in_seats.signed_in_seats(database, {"water"})
    assert seat.busy_at == ""


def home_of(homes: list[home_store.GroupHome]) -> str:
    return homes_at(homes, ["water"])["water"]


def test_a_request_to_a_node_is_taken_once_and_by_that_node(database: Database) -> None:
    number = node_requests.ask(database, "east", {"do": "act", "seat": "8001"})
    assert node_requests.take(database, "west") == []
    (taken,) = node_requests.take(database, "east")
    assert taken.request == {"do": "act", "seat": "8001"}
    assert node_requests.take(database, "east") == []
    assert node_requests.answer_of(database, number) is None
    node_requests.answer(database, taken.number, {"result": {}})
    assert node_requests.answer_of(database, number) == {"result": {}}
    assert node_requests.answer_of(database, number) is None, "an answer is read once"


def test_a_request_that_is_withdrawn_or_late_is_not_performed(database: Database) -> None:
    assert not node_requests.withdraw(database, node_requests.ask(database, "east", {}))
    assert node_requests.take(database, "east") == []
    node_requests.ask(database, "east", {})
    with database.begin() as connection:
        late = node_store.now_of(connection) - node_requests.TAKEN_WITHIN
        connection.execute(update(NODE_REQUESTS).values(at=late))
    assert node_requests.take(database, "east") == [], "a node that was frozen performs no request that has expired"
    number = node_requests.ask(database, "east", {})
    assert [request.number for request in node_requests.take(database, "east")] == [number]
    assert node_requests.withdraw(database, number), "the node may have performed the request"


def test_a_node_gets_notice_of_a_request_at_once_and_of_a_lost_connection(database: Database) -> None:
    with Notices(database, node_requests.CHANNEL) as notices:
        assert notices.received() == []
        for node in ("west", "east"):
            node_requests.ask(database, node, {})
        notified: list[str] = []
        while len(notified) < 2:
            assert select_sockets([notices], [], [], PATIENCE)[0]
            notified += notices.received()
        assert notified == ["west", "east"]
        with database.begin() as connection:
            terminate = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            assert list(connection.scalars(terminate)) == [True]
        with pytest.raises(DatabaseUnusable):
            while select_sockets([notices], [], [], PATIENCE)[0]:
                notices.received()
