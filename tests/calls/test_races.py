"""If two parties hang up at the same moment, or a key arrives twice, no citizen is lost and no call stays up."""

import asyncio

import pytest

from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.signalling import SignallingCall
from testkit.waiting_async import until
from tests.calls.consulting import ONE_MOMENT

SEATS = ("8001", "8002", "8003", "8004", "8005", "8006", "8007", "8008")
APART = (0.0, 0.01, 0.03, 0.05)  # seconds
CENTER = "12313"


@pytest.mark.timeout(400)
async def test_if_two_of_three_parties_hang_up_within_50_ms_no_citizen_is_lost(street: RawSipHotline) -> None:
    """Each stage of a consult (ringing, talk, three-way), each gap and each pair of parties; six calls at once."""
    await street.staff(*SEATS)
    street.carrier.on_invite = _answers_unless_it_only_rings

    async def scene(at: int, stage: str, apart: float, first: str, second: str) -> None:
        citizen, agent = await street.served(f"1380000{stage == 'ringing':d}{at:03}")
        center = await street.consult(agent, "12366" if stage == "ringing" else CENTER)
        if stage != "ringing":
            await until(lambda: street.consulted(_caller(agent)), "the agent talks with the center")
        if stage == "three":
            await agent.press("*3")
            await until(lambda: agent.answers.get("INFO") == 200, "the keys arrive")
        parties = {"citizen": citizen, "agent": agent, "center": center}
        parties[first].hang_up()
        if apart:
            await asyncio.sleep(apart)
        parties[second].hang_up()
        (left,) = parties.keys() - {first, second}
        if left == "citizen" and stage != "three":
            again = await until(
                lambda: street.agent_of(_caller(agent)), f"{stage}: the citizen talks with an agent again", 60
            )
            assert not citizen.ended
            citizen.hang_up()
            await until(lambda: again.ended, f"{stage}: the second agent is free")
        elif left == "citizen":  # after a three-way call the citizen is not queued again
            citizen.hang_up()
        await until(lambda: parties[left].ended, f"{stage}: the call of the {left} ends after {first} and {second}")

    pairs = [("citizen", "agent"), ("agent", "center"), ("center", "agent"), ("center", "citizen")]
    cases = [
        (stage, apart, *pairs[(place + turn) % len(pairs)])
        for turn, stage in enumerate(("consult", "three", "ringing"))
        for place, apart in enumerate(APART)
    ]
    for begin in range(0, len(cases), len(SEATS) - 2):
        some = cases[begin : begin + len(SEATS) - 2]
        await together(*(scene(begin + at, *case) for at, case in enumerate(some)))
        await until(lambda: not street.hotline.ask("status")["calls"], "no call is up")
    records = await until(lambda: street.hotline.records(len(cases)), "the calls are in the record")
    assert {record["outcome"] for record in records} == {"answered"}


async def test_a_citizen_who_hangs_up_in_a_consult_leaves_no_party_in_the_call(street: RawSipHotline) -> None:
    """A ringing center stops ringing; a center that has answered talks with the agent until the agent hangs up."""
    await street.staff(*SEATS[:4])
    street.carrier.on_invite = _answers_unless_it_only_rings

    async def scene(at: int, stage: str) -> None:
        citizen, agent = await street.served(f"1370000000{at}")
        center = await street.consult(agent, "12366" if stage == "ringing" else CENTER)
        if stage != "ringing":
            await until(lambda: street.consulted(_caller(agent)), "the agent talks with the center")
        if stage == "three":
            await agent.press("*3")
        citizen.hang_up()
        caller = _caller(agent)
        gone = lambda: all(call["caller"] != caller for call in street.hotline.ask("status")["calls"])  # noqa: E731
        await until(gone, "the hotline knows that the citizen hung up")
        if stage != "ringing":
            assert not agent.ended
            assert not center.ended
            agent.hang_up()
        await until(lambda: center.ended and agent.ended, "center and agent are free")

    await together(*(scene(at, stage) for at, stage in enumerate(("ringing", "consult", "three"))))
    records = await until(lambda: street.hotline.records(3), "the calls are in the record")
    assert {(record["outcome"], record["legs"][0]["result"]) for record in records} == {("answered", "answered")}


async def test_after_the_agent_connected_citizen_and_center_the_centers_hang_up_ends_the_call(
    street: RawSipHotline,
) -> None:
    """No party speaks, so the Local channel of the consult is not optimized away, and ends with the center's call."""
    await street.staff(*SEATS[:6])
    street.carrier.on_invite = _answers_unless_it_only_rings

    async def scene(at: int, leaves: str) -> None:
        citizen, agent = await street.served(f"1360000000{at}")
        center = await street.consult(agent, CENTER)
        await until(lambda: street.consulted(_caller(agent)), "the agent talks with the center")
        await agent.press(leaves)
        if not leaves.endswith("*4"):
            agent.hang_up()
        await until(lambda: agent.ended, "the agent is free")
        await asyncio.sleep(ONE_MOMENT + 0.2)
        center.hang_up()
        await until(lambda: citizen.ended, f"{leaves}: the call is over", 10)

    await together(*(scene(at, leaves) for at, leaves in enumerate(("*4", "*3"))))
    records = await until(lambda: street.hotline.records(2), "the calls are in the record")
    legs = [(leg["target"] != CENTER, leg["result"]) for record in records for leg in record["legs"]]
    assert sorted(legs) == [(False, "answered")] * 2 + [(True, "answered")] * 2, "a second agent was rung"


def _caller(agent: SignallingCall) -> str:
    assert agent.invite
    return agent.invite.caller


def _answers_unless_it_only_rings(leg: SignallingCall) -> None:
    if leg.invite and leg.invite.user == CENTER:
        leg.answer()


async def test_a_key_sent_by_rfc_4733_and_by_info_counts_once(street: RawSipHotline) -> None:
    """The second copy does not count in the queue, where 1 is a message and 2 a callback."""
    await street.staff("8001", "8002")
    await street.seat("8101", "enterprise")

    async def scene(key: str) -> None:
        caller = f"1390000000{key}"
        citizen = street.carrier.call("12345", caller)
        await until(lambda: citizen.rtp, "the opening begins")
        citizen.press_as_event(key)
        citizen.keys(key)
        agent = await until(lambda: street.agent_of(caller), "an agent answers")
        await asyncio.sleep(1)
        assert not agent.ended
        citizen.hang_up()
        await until(lambda: agent.ended, "the agent is free")

    await together(scene("1"), scene("2"))
    records = await until(lambda: street.hotline.records(2), "the calls are in the record")
    assert {(record["path"], record["outcome"], record["fallback"]) for record in records} == {
        ("main:1", "answered", None),
        ("main:2", "answered", None),
    }
