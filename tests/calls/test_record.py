"""The record of a whole call, in either kind of database, whatever dies meanwhile."""

from collections.abc import Iterator

import pytest

from tests.calls.conftest import Seat, quick_registry
from tests.calls.desk import staff, talk
from tests.calls.processes import engine
from tests.calls.running import RunningHotline
from tests.phones import Carrier, Phones
from tests.records.postgres import new_database, running_postgres

KEYS = {
    "call_id", "caller", "dialled", "line", "mode", "path", "queue", "wait_s", "seat", "seat_kind", "started_at",
    "answered_at", "ended_at", "outcome", "fallback", "work_order", "legs",
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def hotline(request: pytest.FixtureRequest, carrier: Carrier) -> Iterator[RunningHotline]:
    if request.param == "sqlite":
        with RunningHotline(carrier.address, quick_registry()) as hotline:
            carrier.hotline = hotline.server
            yield hotline
        return
    with (
        running_postgres() as socket,
        new_database(socket) as url,
        RunningHotline(carrier.address, quick_registry(), HOTLINE_DATABASE=url) as hotline,
    ):
        carrier.hotline = hotline.server
        yield hotline


def test_a_call_with_a_consult_leaves_one_whole_record(
    phones: Phones, carrier: Carrier, seat: Seat, hotline: RunningHotline
) -> None:
    (agent,) = staff(phones, seat, "8001")
    center = carrier.center("12313", name="center")
    citizen = carrier.call("12345", from_="13912345678")
    phones.until(lambda: citizen.connected, 10, "the hotline answers")
    citizen.keys("1")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    engine(hotline).kill()  # `ivr up` starts another; Asterisk's files keep what happened
    phones.until(lambda: answers(hotline), 30, "the engine is back")
    agent.keys("*212313")
    phones.until(lambda: agent.hears_only(center), 20, "agent and center talk")
    agent.keys("*3")
    phones.until(lambda: citizen.hears(agent, center), 10, "all three talk")
    agent.hang_up()
    phones.until(lambda: citizen.hears_only(center), 10, "citizen and center talk on")
    citizen.hang_up()
    (record,) = phones.until(lambda: hotline.records(1), 20, "the call is recorded")

    assert record.keys() >= KEYS
    assert (record["caller"], record["dialled"], record["line"]) == ("13912345678", "12345", "12345")
    assert (record["mode"], record["path"], record["queue"]) == ("hotline", "main:1", "general")
    assert (record["seat"], record["seat_kind"], record["outcome"]) == ("8001", "general", "answered")
    assert record["started_at"] < record["answered_at"] < record["ended_at"]
    assert [(leg["kind"], leg["target"], leg["result"]) for leg in record["legs"]] == [
        ("general", "8001", "answered"),
        ("consult", "12313", "answered"),
    ]
    assert all(leg["seconds"] > 0 for leg in record["legs"])

    hotline.stop()  # the records outlive the hotline, and reading them again doubles nothing
    assert hotline.json("calls") == [record]


def answers(hotline: RunningHotline) -> bool:
    return hotline.ivr("status").returncode == 0
