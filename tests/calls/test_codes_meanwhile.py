"""A feature code that an agent presses during a prompt counts, or is refused with a tone."""

import asyncio
from collections.abc import Callable

import pytest

from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.signalling import SignallingCall
from testkit.waiting_async import until

BUSY, OTHER_CENTER, RINGS, STRANGER = "12313", "12329", "12305", "13900001111"
SEATS = ("8001", "8002", "8003", "8004", "8005", "8006", "8007", "8008", "8009", "8010")
AS_THE_RING_ENDS = 4.5  # seconds of five after which a code begins that takes one second
IN_THE_TONE = (2.3, 2.5)  # seconds after a 486 in which the agent hears the end of "busy", then a tone of half a second


@pytest.mark.timeout(400)
async def test_a_feature_code_counts_while_a_prompt_plays(street: RawSipHotline) -> None:
    """The prompts: a failed consult, a refused work order, refused guidance, a hold; ten calls at once."""
    await street.staff(*SEATS)
    street.carrier.refuses = {BUSY: 486}
    street.carrier.on_invite = lambda leg: None if leg.invite and leg.invite.user == RINGS else leg.answer()

    def call_of(agent: SignallingCall) -> dict[str, object]:
        assert agent.invite
        return next(call for call in street.hotline.calls() if call["caller"] == agent.invite.caller)

    def held(agent: SignallingCall) -> bool:
        return bool(call_of(agent)["held"])

    def ordered(agent: SignallingCall) -> bool:
        return bool(call_of(agent)["work_order"])

    def center_rings(agent: SignallingCall) -> bool:
        return street.center_for(agent, OTHER_CENTER) is not None

    async def scene(
        at: int, first: str, then: str, counts: Callable[[SignallingCall], bool], *, after: float = 0.5
    ) -> None:
        citizen, agent = await street.served(f"136000000{at:02}")
        await agent.press(first)
        if (number := first.removeprefix("*2")) in (BUSY, RINGS):
            await until(lambda: street.center_for(agent, number), f"{first}: the center is asked")
        await asyncio.sleep(after)  # the prompt is played
        await agent.press(then)
        await until(lambda: counts(agent), f"{then} counts after {first}")
        assert not citizen.ended
        assert not agent.ended
        agent.hang_up()
        citizen.hang_up()

    await together(
        scene(0, f"*2{BUSY}", "*9", ordered),
        scene(1, f"*2{BUSY}", f"*2{OTHER_CENTER}", center_rings),
        scene(2, f"*2{STRANGER}", "*8", held),
        scene(3, "*9", f"*2{OTHER_CENTER}", center_rings),
        scene(4, "*7", "*8", held),
        scene(5, "*8", f"*2{OTHER_CENTER}", center_rings),
        scene(6, "*6", "*8", held),
        scene(7, "*1", f"*2{OTHER_CENTER}", center_rings),
        scene(8, f"*2{RINGS}", "*8", held),
        scene(9, f"*2{RINGS}", f"*2{OTHER_CENTER}", center_rings),
    )
    await together(
        *(scene(at, f"*2{BUSY}", "*9", ordered, after=after) for at, after in enumerate(IN_THE_TONE, 10)),
        scene(12, f"*2{RINGS}", f"*2{OTHER_CENTER}", center_rings, after=AS_THE_RING_ENDS),
    )
    invited = {leg.invite.user for leg in street.carrier.legs.values() if leg.invite}
    assert invited == {BUSY, OTHER_CENTER, RINGS}


async def test_if_a_citizen_hangs_up_on_hold_the_agent_is_free(street: RawSipHotline) -> None:
    await street.staff("8001")
    citizen, agent = await street.served("13600000020")
    await agent.press("*8")
    await until(
        lambda: next(call for call in street.hotline.calls() if call["caller"] == "13600000020")["held"],
        "the agent holds the citizen",
    )
    citizen.hang_up()
    await until(lambda: agent.ended, "the agent is free")
