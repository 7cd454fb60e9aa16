"""Callers at a cluster, and what each may expect: one agent, the line that was dialled, one record."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ivr.asterisk.config.console import Console, ConsoleError
from ivr.control import control_client
from ivr.runtime.layout import Home
from testkit.signalling import SignallingCall
from trials.cluster.running_cluster import RunningCluster

LINE = "12369"  # no menu, no expert: the agents of the general group
SEATS = 4  # signed in at each node
_FIRST_SEAT = 8001
_WAIT = 60.0  # seconds


@dataclass
class ClusterCaller:
    """One caller's call."""

    number: str
    leg: SignallingCall
    node: str = ""
    taken: list[str] = field(default_factory=list)  # seats that picked up, in order
    seen_gone: bool = False  # no node has the call any more, though the caller did not hang up


class Callers:
    """All callers of one cluster, and its agents, who pick up whatever rings."""

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster = cluster
        self.all: dict[str, ClusterCaller] = {}
        self.wrong: list[str] = []
        cluster.phones.on_invite = self._rings

    async def sign_in(self) -> None:
        """Register the phones at the front, and sign so many seats in at each node."""
        nodes = self._cluster.nodes
        passwords = {one["seat"]: one["password"] for one in nodes[self._cluster.names[0]].ask("seats")}
        await self.register(passwords)
        for at, name in enumerate(self._cluster.names):
            for seat in _seats(at):
                await self._until_online(name, seat)
            await self.sign_in_at(name)

    async def register(self, passwords: dict[str, str] | None = None) -> None:
        """Let each phone register at the front, as phones do again and again."""
        self._passwords = passwords or self._passwords
        for at in range(len(self._cluster.names)):
            for seat in _seats(at):
                await self._cluster.phones.register(seat, self._passwords[seat])

    async def sign_in_at(self, name: str) -> None:
        """Sign in the seats that work at a node."""
        for seat in _seats(self._cluster.names.index(name)):
            words = f"queue add member PJSIP/{seat} to group-general penalty 0 as {seat}"
            await self.console(name).run(words)

    def console(self, name: str) -> Console:
        """Asterisk's console of a node."""
        return Console(Home(self._cluster.nodes[name].home).asterisk_socket)

    async def _until_online(self, name: str, seat: str) -> None:
        async with asyncio.timeout(_WAIT):
            while True:
                if "Not in use" in await self.console(name).run(f"pjsip show endpoint {seat}"):
                    return
                await asyncio.sleep(0.2)

    def call(self, number: str) -> ClusterCaller:
        """Let a caller dial."""
        caller = ClusterCaller(number, self._cluster.citizens.call(LINE, number))
        self.all[number] = caller
        return caller

    def _rings(self, leg: SignallingCall) -> None:
        assert leg.invite
        caller, seat = self.all.get(leg.invite.caller), leg.invite.user
        if caller is None or leg.invite.get("X-Hotline-Line") != LINE or caller.taken:
            self.wrong.append(f"{seat} rang for {leg.invite.caller} ({leg.invite.get('X-Hotline-Line')})")
        if caller is not None:
            caller.taken.append(seat)
        leg.answer()

    async def at_nodes(self) -> dict[str, str]:
        """Return the node that has each caller's call now; nodes that do not answer have none."""
        found: dict[str, str] = {}
        for name, node in self._cluster.nodes.items():
            try:
                async with asyncio.timeout(5):
                    now = await asyncio.to_thread(node.ask, "status")
            except (control_client.NotRunning, control_client.RequestRefused, OSError, TimeoutError):
                continue
            found |= {call["caller"]: name for call in now["calls"] if call["caller"] in self.all}
        return found

    async def place(self, numbers: Iterable[str]) -> list[ClusterCaller]:
        """Let these callers call, and wait until each is at a node; those who find an agent talk."""
        callers = [self.call(number) for number in numbers]
        async with asyncio.timeout(_WAIT):
            while True:
                at = await self.at_nodes()
                if all(caller.number in at for caller in callers):
                    break
                await asyncio.sleep(0.3)
        for caller in callers:
            caller.node = at[caller.number]
        return callers

    async def until_recorded(self, callers: Iterable[ClusterCaller], ask: str) -> None:
        """Wait until each call is in the database: a node imports what its Asterisk wrote within two seconds."""
        wanted = {caller.number for caller in callers}
        async with asyncio.timeout(_WAIT):
            while True:
                found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "calls")
                if wanted <= {one["caller"] for one in found}:
                    return
                await asyncio.sleep(0.3)

    async def gone(self, callers: Iterable[ClusterCaller]) -> list[ClusterCaller]:
        """Return the callers whose call no node has, though they did not hang up."""
        at = await self.at_nodes()
        return [one for one in callers if not one.leg.by_us and (one.leg.ended or one.number not in at)]

    async def records_wrong(self, callers: Iterable[ClusterCaller], ask: str) -> list[str]:
        """Return what is wrong with the records of these callers, a line each; asked at one node for all nodes."""
        wanted = {caller.number: caller for caller in callers}
        wrong = ["no records"]
        for _again in range(40):
            try:
                found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "calls")
            except (control_client.NotRunning, control_client.RequestRefused, OSError) as error:
                wrong = [f"no records: {error}"]
                await asyncio.sleep(0.5)
                continue
            wrong = list(_wrong([one for one in found if one["caller"] in wanted], wanted))
            if not wrong:
                break
            await asyncio.sleep(0.5)
        return wrong

    async def until_idle(self) -> None:
        """Wait until no agent is in a call any more."""
        async with asyncio.timeout(_WAIT):
            while True:
                if not any([await self._channels(name) for name in self._cluster.names]):
                    return
                await asyncio.sleep(0.2)

    async def _channels(self, name: str) -> bool:
        try:
            return bool((await self.console(name).run("core show channels concise")).strip())
        except ConsoleError:
            return False


def _wrong(found: list[dict[str, Any]], wanted: dict[str, ClusterCaller]) -> Iterable[str]:
    times = Counter(one["caller"] for one in found)
    yield from (f"{number}: {times[number]} records" for number in wanted if times[number] != 1)
    for one in found:
        caller = wanted[one["caller"]]
        node = one["call_id"].rpartition("-")[0]
        if one["dialled"] != LINE or one["outcome"] == "in-progress" or (caller.node and caller.node != node):
            yield f"{caller.number}: {one['outcome']} on {one['dialled']} at {node}"
        elif (one["outcome"] == "answered") != bool(caller.taken):
            yield f"{caller.number}: {one['outcome']}, and the phones {caller.taken} were picked up"


def _seats(at: int) -> list[str]:
    return [str(_FIRST_SEAT + at * SEATS + more) for more in range(SEATS)]
