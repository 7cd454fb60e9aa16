"""Wrap-up (话后整理): each seat that talked gets it, however the call ended."""

from collections.abc import Awaitable, Callable, Iterator

import pytest

from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.raw_sip_hotline import RawSipHotline, together
from testkit.hotline.shared import SharedHotline
from testkit.signalling import SignallingCall
from testkit.waiting_async import until
from tests.calls.conftest import HotlineKeeper

CENTER, EXPERT = "12313", "8333"


@pytest.fixture
def shared(hotline_keeper: HotlineKeeper) -> Iterator[SharedHotline]:
    """Give the shared hotline with a wrap-up of five minutes."""
    yield hotline_keeper.hotline(quick_registry(timers={**QUICK, "wrapup": 300}))
    hotline_keeper.release()


async def test_a_seat_gets_its_wrap_up_however_its_call_ended(street: RawSipHotline) -> None:
    """Eight calls at once; each ends in another way."""
    await street.staff(*(str(number) for number in range(8001, 8012)))
    await street.seat(EXPERT, "expert-12333")
    street.carrier.on_invite = SignallingCall.answer
    server = street.hotline.server

    async def agent_hangs_up(_citizen: SignallingCall, agent: SignallingCall) -> None:
        agent.hang_up()

    async def citizen_hangs_up(citizen: SignallingCall, _agent: SignallingCall) -> None:
        citizen.hang_up()

    async def transferred_by_refer(_citizen: SignallingCall, agent: SignallingCall) -> None:
        assert await street.refer(agent, f"sip:{CENTER}@{server}") == 200

    async def transferred_to_the_own_seat(citizen: SignallingCall, agent: SignallingCall) -> None:
        assert agent.invite
        assert await street.refer(agent, f"sip:{agent.invite.user}@{server}") == 200
        other = await until(lambda: street.agent_of(_caller(agent)), "another seat has the citizen")
        assert other.invite.user != agent.invite.user
        citizen.hang_up()

    async def connected_by_star_4(_citizen: SignallingCall, agent: SignallingCall) -> None:
        await street.consult(agent, CENTER)
        await until(lambda: street.consulted(_caller(agent)), "the agent talks with the center")
        await agent.press("*4")
        await until(lambda: agent.ended, "the agent's call is over")

    async def hangs_up_in_a_consult(citizen: SignallingCall, agent: SignallingCall) -> None:
        center = await street.consult(agent, CENTER)
        await until(lambda: street.consulted(_caller(agent)), "the agent talks with the center")
        agent.hang_up()
        await until(lambda: street.state(_seat(agent)) == "wrap-up", "the seat is in wrap-up while the others talk")
        citizen.hang_up()
        await until(lambda: center.ended, "the center has left the call")

    async def consulted_a_group(citizen: SignallingCall, agent: SignallingCall) -> None:
        await agent.press("*212333")
        await until(lambda: street.consulted(_caller(agent)), "the agent talks with the expert")
        agent.hang_up()
        await until(lambda: street.state(_seat(agent)) == "wrap-up", "the seat is in wrap-up while the others talk")
        citizen.hang_up()
        await until(lambda: street.state(EXPERT) == "wrap-up", "the expert is in wrap-up")

    async def scene(at: int, ends: Callable[[SignallingCall, SignallingCall], Awaitable[None]]) -> None:
        citizen, agent = await street.served(f"1380000000{at}")
        await ends(citizen, agent)
        await until(lambda: street.state(_seat(agent)) == "wrap-up", f"{ends.__name__}: the seat is in wrap-up")

    ways = (
        agent_hangs_up, citizen_hangs_up, transferred_by_refer, transferred_to_the_own_seat, connected_by_star_4,
        hangs_up_in_a_consult, consulted_a_group,
    )  # fmt: skip
    await together(*(scene(at, way) for at, way in enumerate(ways)))


def _seat(agent: SignallingCall) -> str:
    assert agent.invite
    return agent.invite.user


def _caller(agent: SignallingCall) -> str:
    assert agent.invite
    return agent.invite.caller
