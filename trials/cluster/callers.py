"""Callers at a cluster. Each caller may expect one agent, the dialled line on the agent's phone, and one record."""

import asyncio
import contextlib
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.asterisk.config.console import Console, ConsoleError
from ivr.runtime.layout import Home
from testkit.signalling import SignallingCall
from testkit.waiting_async import until
from trials.cluster.running_cluster import AWAY, RunningCluster

GROUP = "general"
LINE = "12369"  # no menu, no expert: the agents of the general group
SEATS = 4  # for each node that the cluster begins with
_FIRST_SEAT = 8001
_WAIT = 60.0  # seconds
_INTERVAL = 0.2
_REGISTER_EVERY = 45.0  # seconds
_SIGN_IN = "*81"
_HANDED_OVER = "PJSIP/node-"  # begins the name of a channel between two nodes
_CALLER = -7  # index of the caller's number among the fields of a channel that the console shows
_ORDERS = "SELECT subscriber FROM orders"


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
    gave_up: bool = False  # the caller hung up after some seconds of silence
    has_work_order: bool = False  # the agent made a work order
    turned_away: bool = False  # a node of the version before offered the call to no agent, and the caller hung up
    line: str = LINE

    def talked_for(self) -> float:
        """Return the seconds since the agent's answer was acknowledged; 0 before, or without an agent."""
        since = self.seat_leg.acknowledged_at if self.seat_leg else 0.0
        return asyncio.get_running_loop().time() - since if since else 0.0


@dataclass(frozen=True)
class Ringing:
    """How agents answer: after some seconds of ringing, and some calls not at all.

    A seat that does not answer two calls in a row is paused, so each agent refuses single calls.
    """

    shortest: float  # seconds
    longest: float
    refused: int  # an agent refuses one call of so many, with 486


class Callers:
    """All callers of one cluster, and its agents.

    Attributes:
        wrong: rings that no phone should have had, a line each.
        frozen: nodes that do not answer requests now.
        offers: how often a phone rang.
    """

    def __init__(self, cluster: RunningCluster, seats: Sequence[str] = (), ringing: Ringing | None = None) -> None:
        """Name the seats that have an agent; without ``ringing`` each agent answers each call at once."""
        self._cluster, self._ringing = cluster, ringing
        self.seats = list(seats) or [str(_FIRST_SEAT + more) for more in range(SEATS * len(cluster.names))]
        self.all: dict[str, ClusterCaller] = {}
        self.wrong: list[str] = []
        self.frozen: set[str] = set()
        self.offers = 0
        self._passwords: dict[str, str] = {}
        self._at_phones: dict[str, list[SignallingCall]] = {}  # the calls of each seat's phone
        self._for_callers: dict[str, list[SignallingCall]] = {}  # the calls to phones for each caller
        self._rung: Counter[str] = Counter()  # how often each seat's phone rang
        self._chance = random.Random(0)  # the same in each run
        cluster.phones.on_invite = self._rings

    async def sign_in(self) -> None:
        """Register the phones at the front, and let each seat that is not signed in sign in by its phone."""
        node = self._cluster.nodes[self._cluster.names[0]]
        self._passwords = {seat["seat"]: seat["password"] for seat in await asyncio.to_thread(node.ask, "seats")}
        await self.register()
        async with asyncio.timeout(_WAIT):
            while missing := set(self.seats) - (await self.signed_in()).keys():
                calls = [self._cluster.phones.call(_SIGN_IN, seat, password=self._passwords[seat])
                         for seat in sorted(missing)]  # fmt: skip
                await self._until(lambda calls=calls: all(call.ended for call in calls))
        await self.until_idle()

    async def register(self) -> None:
        """Let each phone register at the front."""
        for seat in self.seats:
            await self._cluster.phones.register(seat, self._passwords[seat])

    async def stay_registered(self) -> None:
        """Let the phones register again and again, as phones do; the front keeps a registration for 120 s."""
        while True:
            await asyncio.sleep(_REGISTER_EVERY)
            await self.register()

    async def signed_in(self) -> dict[str, list[str]]:
        """Return the nodes whose Asterisk has each seat as a member of a queue."""
        found: dict[str, list[str]] = {}
        for name in self._cluster.names:
            if name not in self.frozen:
                with contextlib.suppress(ConsoleError):
                    shown = await self.console(name).run("queue show")
                    for seat in set(re.findall(r"\(PJSIP/([0-9]+)", shown)):
                        found.setdefault(seat, []).append(name)
        return found

    async def home(self, ask: str) -> str:
        """Wait until a node has the queue of the callers' group, and return the node."""
        async with asyncio.timeout(_WAIT):
            while True:
                found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "nodes")
                if at := [node["node"] for node in found if GROUP in node["groups"]]:
                    return str(at[0])
                await asyncio.sleep(_INTERVAL)

    def homes(self) -> dict[str, list[str]]:
        """Return the groups that have their home at each node."""
        found = self._cluster.nodes[self._cluster.names[0]].ask("nodes")
        return {node["node"]: sorted(node["groups"]) for node in found}

    def console(self, name: str) -> Console:
        """Return the console of a node's Asterisk."""
        return Console(Home(self._cluster.nodes[name].home).asterisk_socket)

    def call(self, number: str, line: str = LINE) -> ClusterCaller:
        """Let a caller dial."""
        leg = self._cluster.citizens.call(line, number)
        caller = ClusterCaller(number, leg, asyncio.get_running_loop().time(), line=line)
        self.all[number] = caller
        return caller

    def _rings(self, leg: SignallingCall) -> None:
        assert leg.invite
        caller, seat = self.all.get(leg.invite.caller), leg.invite.user
        self.offers += 1
        self._rung[seat] += 1
        if caller is None or leg.invite.get("X-Hotline-Line") != caller.line or caller.taken:
            self.wrong.append(f"{seat} rang for {leg.invite.caller} ({leg.invite.get('X-Hotline-Line')})")
        at_seat = self._up(self._at_phones, seat)
        if at_seat:
            self.wrong.append(f"{seat} rang twice, for {leg.invite.caller} while it was in a call")
        for_caller = self._up(self._for_callers, leg.invite.caller)
        if for_caller:
            self.wrong.append(f"{seat} rang for {leg.invite.caller} while another phone did")
        at_seat.append(leg)
        for_caller.append(leg)
        if self._ringing is None:
            self._pick_up(leg, caller)
        elif self._rung[seat] % self._ringing.refused == 0:
            self._later(leg.hang_up)
        else:
            self._later(lambda: None if leg.ended else self._pick_up(leg, caller))

    def _later(self, action: Callable[[], None]) -> None:
        """Let the agent act after some seconds of ringing."""
        assert self._ringing
        pause = self._chance.uniform(self._ringing.shortest, self._ringing.longest)
        asyncio.get_running_loop().call_later(pause, action)

    def _pick_up(self, leg: SignallingCall, caller: ClusterCaller | None) -> None:
        assert leg.invite
        if caller is not None:
            caller.taken.append(leg.invite.user)
            caller.taken_at = asyncio.get_running_loop().time()
            caller.seat_leg = leg
        leg.answer()

    @staticmethod
    def _up(calls: dict[str, list[SignallingCall]], of: str) -> list[SignallingCall]:
        """Return the calls of a phone, or for a caller, that ring or are up."""
        calls[of] = [call for call in calls.get(of, []) if not call.ended]
        return calls[of]

    async def at_nodes(self) -> dict[str, str]:
        """Return the node that received each caller's call; nodes whose Asterisk does not answer are left out."""
        found = {}
        for name in self._cluster.names:
            for channel in await self._channels(name):
                if not channel[0].startswith((_HANDED_OVER, "Local/")) and channel[_CALLER] in self.all:
                    found[channel[_CALLER]] = name
        return found

    async def place(self, numbers: Iterable[str], line: str = LINE) -> list[ClusterCaller]:
        """Let these callers call, and wait until each call is at a node. An agent answers as long as one is free."""
        callers = [self.call(number, line) for number in numbers]
        # A node that refuses a call has it for a moment.
        await until(lambda: all(caller.leg.answered for caller in callers), "the callers are answered", _WAIT)
        async with asyncio.timeout(_WAIT):
            while True:
                at = await self.at_nodes()
                if all(caller.number in at for caller in callers):
                    break
                await asyncio.sleep(_INTERVAL)
        for caller in callers:
            caller.node = at[caller.number]
        return callers

    async def until_recorded(self, callers: Iterable[ClusterCaller], ask: str) -> None:
        """Wait until the call records show each caller in a queue; nodes import within two seconds."""
        numbers = {caller.number for caller in callers}
        async with asyncio.timeout(_WAIT):
            while True:
                found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "calls")
                if numbers <= {record["caller"] for record in found if record["queue"]}:
                    return
                await asyncio.sleep(_INTERVAL)

    async def waiting_since(self, ask: str) -> dict[str, datetime]:
        """Return when each caller began to wait for an agent, by the records."""
        found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "calls")
        since = {record["caller"]: record["first_offer_at"] for record in found}
        return {caller: datetime.fromisoformat(at) for caller, at in since.items() if at}

    async def gone(self, callers: Iterable[ClusterCaller]) -> list[ClusterCaller]:
        """Return the callers who did not hang up and whose call no node has."""
        at = await self.at_nodes()
        return [caller for caller in callers if not caller.leg.by_us and (caller.leg.ended or caller.number not in at)]

    async def records_wrong(self, callers: Iterable[ClusterCaller], ask: str) -> list[str]:
        """Return the faults of these callers' records, a line each. ``ask`` is the node that is asked for all nodes."""
        expected = {caller.number: caller for caller in callers}
        faults = ["no records"]
        for _again in range(40):
            try:
                found = await asyncio.to_thread(self._cluster.nodes[ask].ask, "calls")
                orders = Counter(await asyncio.to_thread(self._cluster.database.values, _ORDERS))
            except AWAY as error:
                faults = [f"no records: {error}"]
                await asyncio.sleep(0.5)
                continue
            faults = list(_record_faults([record for record in found if record["caller"] in expected], expected))
            faults += _work_order_faults(orders, expected)
            if not faults:
                break
            await asyncio.sleep(0.5)
        return faults

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():  # noqa: ASYNC110 - legs have no event for their end
            await asyncio.sleep(_INTERVAL)

    async def until_idle(self) -> None:
        """Wait until no node has a call any more."""
        async with asyncio.timeout(_WAIT):
            while await self.channels():  # noqa: ASYNC110 - asked of Asterisk
                await asyncio.sleep(_INTERVAL)

    async def channels(self) -> int:
        """Return the number of channels at all nodes that answer."""
        return sum([len(await self._channels(name)) for name in self._cluster.names])

    async def _channels(self, name: str) -> list[list[str]]:
        """Return the channels of a node, each as its fields; none if its Asterisk does not answer."""
        if name in self.frozen:
            return []
        try:
            lines = (await self.console(name).run("core show channels concise")).splitlines()
        except ConsoleError:
            return []
        return [line.split("!") for line in lines if "!" in line]


def _record_faults(records: list[dict[str, Any]], expected: dict[str, ClusterCaller]) -> Iterable[str]:
    times = Counter(record["caller"] for record in records)
    yield from (f"{number}: {times[number]} records" for number in expected if times[number] != 1)
    for record in records:
        caller, outcome = expected[record["caller"]], record["outcome"]
        node = record["call_id"].rpartition("-")[0]
        if record["dialled"] != caller.line or outcome == "in-progress" or (caller.node and caller.node != node):
            yield f"{caller.number} (at {caller.node}): {outcome} on {record['dialled']} at {node}"
        elif (outcome == "answered") != bool(caller.taken):
            yield f"{caller.number}: {outcome}, and the phones {caller.taken} were picked up"


def _work_order_faults(times: Counter[str], expected: dict[str, ClusterCaller]) -> Iterable[str]:
    for number, caller in expected.items():
        if times[number] != int(caller.has_work_order):
            yield f"{number}: {times[number]} work orders, and the agent made {int(caller.has_work_order)}"
