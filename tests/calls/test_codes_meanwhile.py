"""Feature codes that an agent presses while a prompt is played: each counts, or is refused with a tone."""

import asyncio
from collections.abc import Callable

import pytest

from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.signalling import SignallingCall

BUSY, OTHER_CENTER, STRANGER = "12313", "12329", "13900001111"
SEATS = ("8001", "8002", "8003", "8004", "8005", "8006", "8007", "8008")


@pytest.mark.timeout(240)
async def test_a_code_counts_while_a_prompt_is_played(street: RawSipHotline) -> None:
    """After a consult in vain, work orders for nobody, guidance by nobody, a hold; eight calls side by side."""
    await street.staff(*SEATS)
    street.carrier.refuses = {BUSY: 486}
    street.carrier.on_invite = SignallingCall.answer

    def call_of(agent: SignallingCall) -> dict[str, object]:
        assert agent.invite
        return next(call for call in street.hotline.ask("calls") if call["caller"] == agent.invite.caller)

    def held(agent: SignallingCall) -> bool:
        return bool(call_of(agent)["held"])

    def ordered(agent: SignallingCall) -> bool:
        return bool(call_of(agent)["work_order"])

    def center_rings(agent: SignallingCall) -> bool:
        return street.center_for(agent, OTHER_CENTER) is not None

    async def scene(at: int, first: str, then: str, counts: Callable[[SignallingCall], bool]) -> None:
        citizen, agent = await street.served(f"1360000000{at}")
        await agent.press(first)
        if first == f"*2{BUSY}":
            await street.until(lambda: street.center_for(agent, BUSY), f"{first}: the center is asked")
        await asyncio.sleep(0.5)  # the prompt is played
        await agent.press(then)
        await street.until(lambda: counts(agent), f"{then} counts after {first}")
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
    )
    invited = {leg.invite.user for leg in street.carrier.legs.values() if leg.invite}
    assert invited == {BUSY, OTHER_CENTER}


async def test_a_citizen_who_hangs_up_on_hold_keeps_no_agent(street: RawSipHotline) -> None:
    await street.staff("8001")
    citizen, agent = await street.served("13600000010")
    await agent.press("*8")
    await street.until(
        lambda: next(call for call in street.hotline.ask("calls") if call["caller"] == "13600000010")["held"],
        "the agent holds the citizen",
    )
    citizen.hang_up()
    await street.until(lambda: agent.ended, "the agent is free")
