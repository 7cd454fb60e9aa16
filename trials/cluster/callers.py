"""Callers at a cluster, and what each may expect: one agent, the line that was dialled, one record."""

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.asterisk.config.console import Console, ConsoleError
from ivr.control import control_client
from ivr.runtime.layout import Home
from testkit.signalling import SignallingCall
from trials.cluster.running_cluster import RunningCluster

GROUP = "general"
LINE = "12369"  # no menu, no expert: the agents of the general group
SEATS = 4  # for each node that the cluster begins with
_FIRST_SEAT = 8001
_WAIT = 60.0  # seconds
_LOOK = 0.2
_SIGN_IN = "*81"
_QUEUE = "group-general"  # of the line
_ORDERS = "SELECT subscriber FROM orders"
AWAY = (control_client.NotRunning, control_client.RequestRefused, OSError, TimeoutError)
"""What asking a node ends in if its engine does not answer."""


@dataclass
class ClusterCaller:
    """One caller's call."""

    number: str
    leg: SignallingCall
    asked_at: float  # when the call began, by the loop's clock
    node: str = ""
    taken: list[str] = field(default_factory=list)  # seats that picked up, in order
    taken_at: float = 0.0
    seat_leg: SignallingCall | None = None  # of the seat that picked up last
    gave_up: bool = False  # heard nothing any more, and hung up
    order: bool = False  # the agent made a work order


class Callers:
    """All callers of one cluster, and its agents, who pick up whatever rings.

    Attributes:
        wrong: rings that should not have been, a line each.
        frozen: nodes that cannot be asked now.
    """

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster = cluster
        self.seats = [str(_FIRST_SEAT + more) for more in range(SEATS * len(cluster.names))]
        self.all: dict[str, ClusterCaller] = {}
        self.wrong: list[str] = []
        self.frozen: set[str] = set()
        self.offers = 0
        self._passwords: dict[str, str] = {}
        self._at_phones: dict[str, list[SignallingCall]] = {}  # the calls that a seat's phone has
        cluster.phones.on_invite = self._rings

    async def sign_in(self) -> None:
        """Register the phones at the front, and let each seat that is not signed in sign in by its phone."""
        node = self._cluster.nodes[self._cluster.names[0]]
        self._passwords = {one["seat"]: one["password"] for one in await asyncio.to_thread(node.ask, "seats")}
        await self.register()
        async with asyncio.timeout(_WAIT):
            while missing := set(self.seats) - (await self.signed_in()).keys():
                calls = [self._cluster.phones.call(_SIGN_IN, seat, password=self._passwords[seat])
                         for seat in sorted(missing)]  # fmt: skip
                await self._until(lambda calls=calls: all(call.ended for call in calls))
        await self.until_idle()

    async def register(self) -> None:
        """Let each phone register at the front, as phones do again and again."""
        for seat in self.seats:
            await self._cluster.phones.register(seat, self._passwords[seat])

    async def signed_in(self) -> dict[str, list[str]]:
        """Return the nodes at which each seat is a member of the queue, by Asterisk's own word."""
        found: dict[str, list[str]] = {}
        for name in self._cluster.names:
            if name not in self.frozen:
                with contextlib.suppress(ConsoleError):
                    shown = await self.console(name).run(f"queue show {_QUEUE}")
                    for seat in re.findall(r"\(PJSIP/([0-9]+)", shown):
                        found.setdefault(seat, []).append(name)
        return found

    async def home(self, ask: str) -> str:
        """Return the node that has the queue of the callers' group, once one has it."""
        async with asyncio.timeout(_WAIT):
            while True:
                found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "nodes")
                if at := [one["node"] for one in found if GROUP in one["groups"]]:
                    return str(at[0])
                await asyncio.sleep(_LOOK)

    def console(self, name: str) -> Console:
        """Asterisk's console of a node."""
        return Console(Home(self._cluster.nodes[name].home).asterisk_socket)

    def call(self, number: str) -> ClusterCaller:
        """Let a caller dial."""
        caller = ClusterCaller(number, self._cluster.citizens.call(LINE, number), asyncio.get_running_loop().time())
        self.all[number] = caller
        return caller

    def _rings(self, leg: SignallingCall) -> None:
        assert leg.invite
        caller, seat = self.all.get(leg.invite.caller), leg.invite.user
        self.offers += 1
        if caller is None or leg.invite.get("X-Hotline-Line") != LINE or caller.taken:
            self.wrong.append(f"{seat} rang for {leg.invite.caller} ({leg.invite.get('X-Hotline-Line')})")
        calls = self._at_phones.setdefault(seat, [])
        calls[:] = [one for one in calls if not one.ended]
        if calls:
            self.wrong.append(f"{seat} rang twice, for {leg.invite.caller} while it was in a call")
        calls.append(leg)
        if caller is not None:
            caller.taken.append(seat)
            caller.taken_at = asyncio.get_running_loop().time()
            caller.seat_leg = leg
        leg.answer()

    async def _statuses(self) -> dict[str, dict[str, Any]]:
        """Return what each node that answers says of itself."""
        found: dict[str, dict[str, Any]] = {}
        for name, node in self._cluster.nodes.items():
            if name not in self.frozen:
                try:
                    async with asyncio.timeout(5):
                        found[name] = await asyncio.to_thread(node.ask, "status")
                except AWAY:
                    continue
        return found

    async def at_nodes(self) -> dict[str, str]:
        """Return the node at which each caller came in; nodes that do not answer have no caller."""
        statuses = await self._statuses()
        came = {
            call["caller"]: call["call_id"].rpartition("-")[0]
            for status in statuses.values()
            for call in status["calls"]
            if call["caller"] in self.all
        }
        return {caller: node for caller, node in came.items() if node in statuses}

    async def place(self, numbers: Iterable[str]) -> list[ClusterCaller]:
        """Let these callers call, and wait until each is at a node; those who find an agent talk."""
        callers = [self.call(number) for number in numbers]
        async with asyncio.timeout(_WAIT):
            while True:
                at = await self.at_nodes()
                if all(caller.number in at for caller in callers):
                    break
                await asyncio.sleep(_LOOK)
        for caller in callers:
            caller.node = at[caller.number]
        return callers

    async def until_recorded(self, callers: Iterable[ClusterCaller], ask: str) -> None:
        """Wait until each caller talks or waits, and the database has it: nodes import within two seconds."""
        wanted = {caller.number for caller in callers}
        async with asyncio.timeout(_WAIT):
            while True:
                found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "calls")
                if wanted <= {one["caller"] for one in found if one["queue"]}:
                    return
                await asyncio.sleep(_LOOK)

    async def waiting_since(self, ask: str) -> dict[str, datetime]:
        """Return when each caller began to wait for an agent, by the records."""
        found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "calls")
        return {one["caller"]: datetime.fromisoformat(one["first_offer_at"]) for one in found if one["first_offer_at"]}

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
                orders = Counter(await asyncio.to_thread(self._cluster.database.values, _ORDERS))
            except AWAY as error:
                wrong = [f"no records: {error}"]
                await asyncio.sleep(0.5)
                continue
            wrong = list(_wrong([one for one in found if one["caller"] in wanted], wanted))
            wrong += _orders_wrong(orders, wanted)
            if not wrong:
                break
            await asyncio.sleep(0.5)
        return wrong

    async def _until(self, there: Callable[[], bool]) -> None:
        while not there():  # noqa: ASYNC110 - legs have no event for their end
            await asyncio.sleep(_LOOK)

    async def until_idle(self) -> None:
        """Wait until no node has a call any more."""
        async with asyncio.timeout(_WAIT):
            while await self.channels():  # noqa: ASYNC110 - asked of Asterisk
                await asyncio.sleep(_LOOK)

    async def channels(self) -> int:
        """Return how many channels the nodes have, of those that answer."""
        found = 0
        for name in self._cluster.names:
            with contextlib.suppress(ConsoleError):
                lines = (await self.console(name).run("core show channels concise")).splitlines()
                found += sum("!" in line for line in lines)
        return found


def _wrong(found: list[dict[str, Any]], wanted: dict[str, ClusterCaller]) -> Iterable[str]:
    times = Counter(one["caller"] for one in found)
    yield from (f"{number}: {times[number]} records" for number in wanted if times[number] != 1)
    for one in found:
        caller = wanted[one["caller"]]
        node = one["call_id"].rpartition("-")[0]
        if one["dialled"] != LINE or one["outcome"] == "in-progress" or (caller.node and caller.node != node):
            yield f"{caller.number} (at {caller.node}): {one['outcome']} on {one['dialled']} at {node}"
        elif (one["outcome"] == "answered") != bool(caller.taken):
            yield f"{caller.number}: {one['outcome']}, and the phones {caller.taken} were picked up"


def _orders_wrong(times: Counter[str], wanted: dict[str, ClusterCaller]) -> Iterable[str]:
    for number, caller in wanted.items():
        if times[number] != int(caller.order):
            yield f"{number}: {times[number]} work orders, and the agent made {int(caller.order)}"
