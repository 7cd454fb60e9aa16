"""Queues: the longest waiting caller is first, an agent gets one call at a time, and no caller hears silence."""

from typing import Any

import pytest

from testkit.hotline.desk import staff, talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SILENCE, SOUND, Carrier, PhoneCall, Phones
from tests.calls.conftest import ALSO_BOTH, BOTH, PATIENCE, common_registry


def waiting(hotline: RunningHotline, group: str) -> int:
    """Return the number of callers in a group's queue by `ivr status`."""
    return next(int(queue["waiting"]) for queue in hotline.ask("status")["queues"] if queue["group"] == group)


def call_in(phones: Phones, carrier: Carrier, hotline: RunningHotline, **keys: str) -> dict[str, PhoneCall]:
    """Call with each name and menu key; each caller waits in a queue before the next caller dials."""
    citizens: dict[str, PhoneCall] = {}
    for count, (name, key) in enumerate(keys.items(), 1):
        citizens[name] = citizen = carrier.call("12345", f"1380000{count:04}", name=name)
        phones.until(lambda citizen=citizen: citizen.connected and citizen.hears(SOUND), 10, "the opening begins")
        citizen.keys(key)
        phones.until(
            lambda count=count: waiting(hotline, "general") + waiting(hotline, "enterprise") == count,
            10, f"{name} waits",
        )  # fmt: skip
    return citizens


def test_the_longest_waiting_caller_is_first_in_any_group(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Three callers of two groups wait, with music and prompts, for a seat that serves both groups."""
    agent = seat(BOTH, name="agent")
    agent.dial("*82")
    phones.until(lambda: agent.call.ended, 10, "the agent is busy")
    citizens = call_in(phones, carrier, hotline, first="2", second="0", third="0")
    third = citizens["third"]
    phones.until(lambda: has_heard(third, "queue-thereare"), 15, "the third caller hears the place in the queue")
    for citizen in citizens.values():
        phones.until(lambda citizen=citizen: has_heard(citizen, "patience"), 60, "a caller is asked for patience")
    agent.dial("*83")
    for name, citizen in citizens.items():
        phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
        assert agent.call.caller == citizen_number(citizens, name), f"it was {name}'s turn"
        assert int(agent.call.header("X-Hotline-Waited") or 0) >= PATIENCE
        agent.answer()
        talk(phones, citizen, agent)
        agent.hang_up()
        phones.until(lambda citizen=citizen: citizen.ended, 5, "the call is over")
        silences = [span.seconds for span in citizen.heard.timeline()[1:] if span.parties == SILENCE]
        assert max(silences, default=0) <= 1.0, f"{name} heard {citizen.heard.story()}"
    records = phones.until(lambda: hotline.records(3), 10, "the calls are recorded")
    assert [(record["queue"], record["outcome"], record["seat"]) for record in records] == [
        ("enterprise", "answered", BOTH),
        ("general", "answered", BOTH),
        ("general", "answered", BOTH),
    ]
    assert all(record["wait_s"] >= PATIENCE for record in records)


@pytest.mark.reloaded_hotline
class TestPriority:
    @pytest.fixture
    def numbers(self) -> dict[str, Any]:
        common = common_registry()
        groups = {**common["groups"], "enterprise": {**common["groups"]["enterprise"], "priority": 5}}
        return {**common, "groups": groups}

    def test_a_group_of_higher_priority_goes_first(
        self, phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
    ) -> None:
        """A seat of both groups gets an enterprise first, and in each group the longest waiting caller first."""
        agent = seat(BOTH, name="agent")
        agent.dial("*82")
        phones.until(lambda: agent.call.ended, 10, "the agent is busy")
        citizens = call_in(phones, carrier, hotline, public="0", trader="2", other="0", maker="2")
        agent.dial("*83")
        for name in ("trader", "maker", "public", "other"):
            phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
            assert agent.call.caller == citizen_number(citizens, name), f"it was {name}'s turn"
            agent.answer()
            talk(phones, citizens[name], agent)
            citizens[name].hang_up()
            phones.until(lambda: agent.call.ended, 5, "the call is over")


def citizen_number(citizens: dict[str, PhoneCall], name: str) -> str:
    return f"1380000{list(citizens).index(name) + 1:04}"


def test_if_a_seat_does_not_answer_the_next_seat_rings(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    seats = staff(seat, "8001", "8002")
    citizen = carrier.call("12345")
    phones.until(lambda: citizen.connected and citizen.hears(SOUND), 10, "the opening begins")
    citizen.keys("0")
    phones.until(lambda: any(seat.ringing for seat in seats), 10, "an agent's phone rings")
    silent, other = sorted(seats, key=lambda seat: not seat.ringing)
    phones.until(lambda: other.ringing, 10, "the other agent's phone rings")
    assert silent.call.ended, "two agents were offered one call"
    other.answer()
    talk(phones, citizen, other)
    citizen.hang_up()
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert [(leg["target"], leg["result"]) for leg in record["legs"]] == [
        (silent.user, "no-answer"),
        (other.user, "answered"),
    ]


def test_no_agent_is_ever_offered_two_calls(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Twelve callers of two groups call at once; two of the four agents serve both groups, and none has wrap-up."""
    seats = staff(seat, "8001", "8002", BOTH, ALSO_BOTH)
    citizens = [carrier.call("12345", f"1380000{n:04}", name=f"citizen{n}") for n in range(12)]
    for n, citizen in enumerate(citizens):
        phones.until(lambda citizen=citizen: citizen.connected and citizen.hears(SOUND), 15, "the opening begins")
        citizen.keys("02"[n % 2])
    answered: list[PhoneCall] = []
    served: set[str] = set()

    def all_served() -> bool:
        talking = [call.caller for agent in seats for call in agent.calls if call.connected]
        assert len(talking) == len(set(talking)), f"one caller has two agents: {talking}"
        for agent in seats:
            offered = [call for call in agent.calls if call.invite and not call.ended]
            assert len(offered) <= 1, f"{agent.name} was offered {[str(call) for call in offered]}"
            for call in offered:
                if call.ringing and call not in answered:
                    answered.append(call)
                    call.answer()
                elif (
                    call.connected
                    and (citizen := by_number(citizens, call.caller)).hears(agent)
                    and call.hears(citizen)
                ):
                    served.add(call.caller)
                    call.hang_up()
        return len(served) == len(citizens)

    phones.until(all_served, 90, "every caller is served")
    phones.until(lambda: all(citizen.ended for citizen in citizens), 10, "the calls are over")
    records = phones.until(lambda: hotline.records(12), 10, "the calls are recorded")
    assert {record["outcome"] for record in records} == {"answered"}


def by_number(citizens: list[PhoneCall], number: str) -> PhoneCall:
    return citizens[int(number[-4:])]
