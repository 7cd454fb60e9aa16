"""Three layers for every call: the engine, a process with the same script, the dialplan by the number dialled."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from ivr.control import control_client
from testkit.hotline.desk import hang_up, recorded, staff, talk
from testkit.hotline.heard_prompts import has_heard, prompts_heard
from testkit.hotline.processes import engine, tree
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones
from tests.calls.leaving_messages import TAKEN, orders, seconds_of, speak


def test_an_engine_that_dies_or_freezes_in_the_menu_delays_no_caller(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Opening and menu play to their end; then the menu plays again, without the opening, and its keys work."""
    agent = seat("8001", name="agent")
    for caller, fail in (("13800000001", psutil.Process.kill), ("13800000002", psutil.Process.suspend)):
        citizen = carrier.call("12345", caller, name=fail.__name__)
        phones.until(lambda citizen=citizen: has_heard(citizen, "opening"), 40, "the opening is heard")
        failed = engine(hotline)
        fail(failed)
        phones.until(
            lambda citizen=citizen: prompts_heard(citizen)[:3] == ["opening", "menu-main", "menu-main"],
            20,
            "the menu is heard once more",
        )
        citizen.keys("1")
        phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
        assert (agent.ringing.caller, agent.ringing.shown[-4:]) == (caller, "反映问题")
        agent.answer()
        talk(phones, citizen, agent)
        phones.until(lambda failed=failed: engine_is_back(hotline, failed.pid), 20, "a new engine answers")
        hang_up(phones, [citizen])
        assert "technical" not in prompts_heard(citizen)
    assert "did not answer any more" in hotline.printed.read_text(encoding="utf-8")
    for record in recorded(phones, hotline, 2):
        assert (record["path"], record["seat"], record["fallbacks"]) == ("main:1", "8001", [])
        assert (record["outcome"], len(record["legs"])) == ("answered", 1)


def test_a_caller_who_waits_while_the_engine_dies_is_served(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    agent = seat("8001", name="agent")
    agent.dial("*82")
    phones.until(lambda: agent.call.ended, 10, "the agent is busy")
    citizen = carrier.call("12369")
    phones.until(lambda: hotline.ask("status")["queues"][0]["waiting"] == 1, 20, "the caller waits")
    dead = engine(hotline)
    dead.kill()
    phones.until(lambda: engine_is_back(hotline, dead.pid), 20, "a new engine answers")
    agent.dial("*83")
    phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    agent.hang_up()
    phones.until(lambda: citizen.ended, 5, "the caller's call is over")
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert (record["line"], record["seat"], record["outcome"]) == ("12369", "8001", "answered")
    assert record["wait_s"] > 0


@pytest.mark.own_hotline
def test_without_engine_and_process_the_dialplan_routes_by_the_number_dialled(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    expert, agent = staff(seat, "8348", "8001")
    center = carrier.center("12313", name="center")
    program = hotline.home / "share" / "agi-bin" / "hotline"
    with no_engine(hotline):
        program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        to_center = carrier.call("+8673512313", "13800000001", name="to the center")
        to_expert = carrier.call("12348", "13800000002", name="to the expert")
        to_agents = carrier.call("12345", "13800000003", name="to the agents")
        talk(phones, to_center, center)
        for citizen, phone in ((to_expert, expert), (to_agents, agent)):
            phones.until(lambda phone=phone: phone.ringing, 15, f"{phone.name} rings")
            phone.answer()
            talk(phones, citizen, phone)
        assert expert.call.shown == "12348 全国公共法律服务专用电话"
        hang_up(phones, [to_center, to_expert, to_agents])
        agent.unregister()
        asks = carrier.call("12369", "13800000004", name="asks")
        speak(phones, asks, 2)
        asks.keys("#")
        phones.until(lambda: asks.ended, 15, "the caller hears the thanks")
    assert prompts_heard(to_center) == prompts_heard(to_expert) == prompts_heard(to_agents) == ["technical"]
    assert prompts_heard(asks) == ["technical", *TAKEN]
    phones.until(lambda: engine_is_back(hotline, 0), 20, "a new engine answers")
    records = {record["caller"]: record for record in recorded(phones, hotline, 4)}
    assert [
        (record["dialled"], record["mode"], record["outcome"], record["seat"], record["fallbacks"])
        for record in (records[f"1380000000{last}"] for last in (1, 2, 3, 4))
    ] == [
        ("12313", "subcenter", "answered", "12313", ["technical"]),
        ("12348", "dual", "answered", "8348", ["technical"]),
        ("12345", "hotline", "answered", "8001", ["technical"]),
        ("12369", "dual", "message", None, ["technical", "no-agent"]),
    ]
    assert [len(record["legs"]) for record in records.values()] == [1] * 4, "a phone rings for a caller who has hung up"
    assert seconds_of(phones, hotline, orders(hotline)["13800000004"], asks) > 2


@contextmanager
def no_engine(hotline: RunningHotline) -> Iterator[None]:
    """Kill the engine, and suspend the supervisor process, so that no new engine starts meanwhile."""
    supervisor, dead = tree(hotline)[0], engine(hotline)
    supervisor.suspend()
    dead.kill()
    try:
        yield
    finally:
        supervisor.resume()


def engine_is_back(hotline: RunningHotline, dead: int) -> bool:
    """Whether a new engine answers."""
    try:
        return bool(hotline.ask("ping") and engine(hotline).pid != dead)
    except (control_client.NotRunning, control_client.RequestRefused, StopIteration):
        return False
