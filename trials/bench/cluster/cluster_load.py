"""Calls for a cluster: to a center, to agents, silent and with sound, and registrations."""

import asyncio
from collections.abc import Callable

from testkit.signalling import SignallingCall
from trials.cluster.callers import Callers
from trials.cluster.running_cluster import RunningCluster

CENTER = "12313"  # a sub-center's number
_TALK = 0.1  # seconds
_WAIT = 60.0
_LOOK = 0.05


class ClusterLoad:
    """The callers, the agents and the center of a cluster.

    Attributes:
        failed: the number of calls that were not served.
    """

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster, self.failed = cluster, 0
        self.callers = Callers(cluster)
        self._placed = 0
        cluster.carrier.on_invite = self._center_rings

    def _center_rings(self, leg: SignallingCall) -> None:
        leg.answer()
        asyncio.get_running_loop().call_later(_TALK, leg.hang_up)

    async def to_center(self, calls: int, a_second: float) -> None:
        """Place calls to a center, which hangs up after a moment."""
        legs = []
        for _ in range(calls):
            self._placed += 1
            legs.append(self._cluster.citizens.call(CENTER, f"135{self._placed:08}"))
            await asyncio.sleep(1 / a_second)
        await self._until(lambda: all(leg.ended for leg in legs))
        self.failed += sum(not leg.ended or leg.by_us or not leg.answered for leg in legs)

    async def to_agents(self, calls: int, a_second: float) -> None:
        """Place calls to the agents, who pick up; the caller hangs up after a moment."""
        placed = []
        for _ in range(calls):
            self._placed += 1
            placed.append(self.callers.call(f"134{self._placed:08}"))
            await asyncio.sleep(1 / a_second)
            for caller in placed:
                if caller.taken and not caller.leg.ended:
                    asyncio.get_running_loop().call_later(_TALK, caller.leg.hang_up)
        await self._until(lambda: all(caller.taken for caller in placed))
        self.failed += sum(not caller.taken for caller in placed)
        for caller in placed:
            caller.leg.hang_up()
        await self.callers.until_idle()

    async def up(self, calls: int) -> list[SignallingCall]:
        """Place calls to the agents; return the legs of callers and agents when as many talk as there are agents."""
        placed = []
        for _ in range(calls):
            self._placed += 1
            placed.append(self.callers.call(f"133{self._placed:08}"))
        talking = min(calls, len(self.callers.seats))
        await self._until(lambda: sum(bool(caller.taken) for caller in placed) >= talking)
        ends = [caller.leg for caller in placed if caller.taken]
        ends += [caller.seat_leg for caller in placed if caller.seat_leg]
        return ends if calls <= talking else [caller.leg for caller in placed if not caller.taken]

    async def hang_up(self) -> None:
        """End all calls to agents."""
        for caller in self.callers.all.values():
            caller.leg.hang_up()
        await self.callers.until_idle()

    async def registrations(self, rounds: int) -> int:
        """Let each phone register ``rounds`` times; return the number of registrations."""
        for _ in range(rounds):
            await self.callers.register()
        return rounds * len(self.callers.seats)

    async def console(self, command: str, rounds: int) -> int:
        """Let each node run a command of Asterisk's console for each seat; return how often that was."""
        for _round in range(rounds):
            for name in self._cluster.names:
                console = self.callers.console(name)
                for seat in self.callers.seats:
                    await console.run(command.format(seat=seat))
        return rounds * len(self._cluster.names) * len(self.callers.seats)

    async def _until(self, condition: Callable[[], bool]) -> None:
        deadline = asyncio.get_running_loop().time() + _WAIT
        while not condition() and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK)
