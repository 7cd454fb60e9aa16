"""专家指导, 班长席: the parties that hear each other if an expert or a supervisor joins a call, and the record."""

from typing import Any

from testkit.hotline.desk import talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SOUND, Carrier, PhoneCall, Phones, SeatPhone
from tests.calls.conftest import BOSS
from tests.calls.consulting import all_three, consult, never_alone, talk_without_the_agent


def dial_in(phones: Phones, carrier: Carrier, agent: SeatPhone, number: str) -> PhoneCall:
    """Return the call of a citizen who dialled a number and talks with the agent."""
    citizen = carrier.call(number)
    phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    return citizen


def watchers(record: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    kinds = ("listen", "whisper", "join", "take-over", "hang-up")
    return [(leg["kind"], leg["target"], leg["party"], leg["result"]) for leg in record["legs"] if leg["kind"] in kinds]


def test_an_expert_whispers_joins_and_takes_over(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The line's expert was busy when the citizen called; once the expert is ready, the agent presses *7."""
    center = carrier.center("12313", name="center")
    agent, expert = seat("8001", name="agent"), seat("8333", name="expert")
    expert.dial("*82")
    phones.until(lambda: expert.call.ended, 10, "the expert is busy")
    citizen = dial_in(phones, carrier, agent, "12333")
    agent.keys("*7")
    phones.until(lambda: has_heard(agent.call, "guide-asked"), 12, "the agent hears that the expert is called")
    phones.until(lambda: expert.ringing, 10, "the expert's phone rings")
    assert expert.call.caller == "8001"
    assert expert.call.caller_name.startswith("请指导 8001 12333 ")
    expert.answer()
    phones.until(lambda: has_heard(expert.call, "guide-keys"), 10, "the expert hears the keys of the guidance")
    phones.until(
        lambda: agent.hears_only(citizen, expert) and citizen.hears_only(agent) and expert.hears_only(agent, citizen),
        10,
        "the expert whispers: only the agent hears it",
    )
    expert.keys("4")
    phones.until(lambda: agent.hears_only(citizen) and expert.hears_only(agent, citizen), 5, "the expert listens")
    expert.keys("6")
    phones.until(
        lambda: agent.hears_only(citizen, expert) and citizen.hears_only(agent, expert)
        and expert.hears_only(agent, citizen),
        5, "all three hear each other",
    )  # fmt: skip
    expert.keys("9")
    phones.until(lambda: agent.call.ended, 10, "the agent's call is over")
    consult(phones, citizen, expert, "12313", center)
    expert.keys("*3")
    all_three(phones, citizen, expert, center)
    expert.keys("*1")
    phones.until(lambda: center.call.ended, 10, "the center has left the call")
    talk(phones, citizen, expert)
    citizen.hang_up()
    phones.until(lambda: expert.call.ended, 10, "the call is over")
    never_alone(citizen)
    (record,) = phones.until(lambda: hotline.records(1), 10, "the call is recorded")
    assert watchers(record) == [
        (kind, "8333", "expert", "answered") for kind in ("whisper", "listen", "join", "take-over")
    ]
    assert [leg["target"] for leg in record["legs"]] == ["8001", *["8333"] * 4, "12313"]


def test_the_agent_hears_why_no_expert_comes(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The expert is absent, silent or busy, or the line has none: only the agent hears why; the talk goes on."""
    agent = seat("8001", name="agent")
    citizen = dial_in(phones, carrier, agent, "12333")

    def ask(keys: str, prompt: str) -> None:
        agent.keys(keys)
        phones.until(lambda: has_heard(agent.call, prompt), 15, f"{keys}: the agent hears {prompt}")
        talk(phones, citizen, agent)

    ask("*7", "guide-away")
    ask("*712369", "guide-nobody")
    ask("*78001", "guide-nobody")
    expert, other = seat("8333", name="expert"), seat("8315", name="other")
    agent.keys("*7")
    phones.until(lambda: expert.ringing, 10, "the expert's phone rings")
    other.dial("12345")
    phones.until(lambda: has_heard(other.call, "opening"), 10, "another expert is on the phone")
    citizen.mute()  # so that the prompt is not mixed with the citizen's tone
    phones.until(lambda: has_heard(agent.call, "guide-silent"), 15, "the agent hears that the expert does not answer")
    ask_other = "*78315"
    agent.keys(ask_other)
    phones.until(lambda: has_heard(agent.call, "guide-busy"), 15, "the agent hears that the other expert is busy")
    phones.until(lambda: citizen.hears_only(agent), 10, "the citizen hears the agent")
    citizen.hang_up()
    other.hang_up()
    phones.until(lambda: agent.call.ended, 10, "the call is over")
    never_alone(citizen)
    records = phones.until(lambda: hotline.records(2), 10, "the calls are recorded")
    assert watchers(records[0]) == [
        ("whisper", "expert-12333", "expert", "unavailable"),
        ("whisper", "8333", "expert", "no-answer"),
        ("whisper", "8315", "expert", "busy"),
    ]


def test_a_supervisor_listens_whispers_barges_in_takes_over_and_ends_a_call(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    center = carrier.center("12313", name="center")
    agent, boss = seat("8001", name="agent"), seat(BOSS, name="boss", signs_in=False)
    curious = seat("8002", name="curious", signs_in=False)
    for phone, seat_number, prompt in ((curious, "8001", "supervise-no-right"), (boss, "8003", "supervise-no-call")):
        call = phone.dial(f"*61{seat_number}")
        phones.until(lambda call=call, prompt=prompt: has_heard(call, prompt), 10, f"{phone.name} hears {prompt}")
        phones.until(lambda call=call: call.ended, 10, "the hotline ends the call of the phone")
    citizen = dial_in(phones, carrier, agent, "12369")
    boss.dial("*618001")
    phones.until(lambda: boss.hears_only(agent, citizen), 10, "the supervisor listens")
    assert agent.hears_only(citizen)
    assert citizen.hears_only(agent)
    boss.keys("5")
    phones.until(lambda: agent.hears_only(citizen, boss) and citizen.hears_only(agent), 5, "the supervisor whispers")
    boss.keys("6")
    phones.until(lambda: agent.hears_only(citizen, boss) and citizen.hears_only(agent, boss), 5, "all three talk")
    boss.keys("9")
    phones.until(lambda: citizen.hears_only(agent, boss, SOUND), 10, "the citizen hears the prompt, and both talk on")
    phones.until(lambda: agent.call.ended, 10, "the agent's call is over")
    talk(phones, citizen, boss)
    consult(phones, citizen, boss, "12313", center)
    boss.keys("*4")
    talk_without_the_agent(phones, citizen, boss.call, center)
    center.hang_up()
    phones.until(lambda: citizen.ended, 10, "the call is over")
    second = dial_in(phones, carrier, agent, "12369")
    boss.dial("*618001")
    phones.until(lambda: boss.hears_only(agent, second), 10, "the supervisor listens")
    boss.keys("0")
    phones.until(lambda: agent.call.ended and second.ended and boss.call.ended, 10, "the supervisor ends the call")
    never_alone(citizen)
    records = phones.until(lambda: hotline.records(2), 10, "the calls are recorded")
    kinds = [[(kind, by, role) for kind, by, role, _result in watchers(record)] for record in records]
    assert [leg["target"] for leg in records[0]["legs"]] == ["8001", *[BOSS] * 4, "12313"]
    assert kinds == [
        [(kind, BOSS, "supervisor") for kind in ("listen", "whisper", "join", "take-over")],
        [(kind, BOSS, "supervisor") for kind in ("listen", "hang-up")],
    ]
