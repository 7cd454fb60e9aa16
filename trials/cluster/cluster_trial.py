"""Failures at a cluster with calls up, one after the other, and the cost of each."""

import asyncio
import contextlib
import math
from collections import Counter
from dataclasses import dataclass

from testkit.hotline.running import IVR
from trials.cluster.callers import Callers, ClusterCaller
from trials.cluster.cluster_faults import FAULTS, HOME, ClusterFault
from trials.cluster.running_cluster import AWAY, RunningCluster

UP = 60  # calls
_INTERVAL = 0.4  # seconds between two new calls while something has failed
_ANSWERED_WITHIN, _BACK_WITHIN = 2.0, 10.0  # seconds: until a new call is answered; until seats and callbacks are back
_PATIENCE = 3.0  # seconds of silence after which caller and agent hang up
_TALK = 1.0
_SERVED_WITHIN = 60.0
_AFTER = 3.0  # seconds of new calls after all is well again
_POLL_INTERVAL = 0.2
_CONSULT_KEYS, _CENTER, _ORDER_KEYS = "*2", "12313", "*9"
_PROMPTS = 5.0  # seconds that the longest prompt to an agent takes, which the silent phones do not hear
AT_ONCE, _BETWEEN = 15, 0.01  # new calls in the moment of the failure; seconds between two of them
_SHORT_EVERY = 0.2  # seconds between two new calls of those that end
_WAITS = 60.0  # seconds after which the caller of such a call hangs up if no agent has taken the call


@dataclass
class ClusterResult:
    """The cost of a failure."""

    up: int
    lost_there: list[str]
    lost_elsewhere: list[str]
    misrouted: list[str]
    records: list[str]
    probes: int
    slowest: float  # seconds until a new call was answered
    seats_back: float  # seconds until all seats were signed in at living nodes; NaN if they never were away
    called_back: float  # seconds until the callers who waited at the victim were on the callback list; NaN if none did
    other: list[str]  # other broken promises, a line each

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        counts = (self.up, *map(len, (self.lost_there, self.lost_elsewhere, self.misrouted, self.records)))
        times = [_seconds(time) for time in (self.seats_back, self.called_back)]
        return [*map(str, counts), f"{_seconds(self.slowest)} ({self.probes} calls)", *times]

    @property
    def wrong(self) -> list[str]:
        """Return the broken promises, a line each."""
        return [*self.lost_elsewhere, *self.misrouted, *self.records, *self.other]


class ClusterTrial:
    """Tries failures at one cluster."""

    def __init__(self, cluster: RunningCluster, first_round: int) -> None:
        self._cluster, self._callers, self._round = cluster, Callers(cluster), first_round
        self._living_node = ""  # a node that does not fail

    async def run(self, name: str) -> ClusterResult:
        """Try the failure of this name with calls up."""
        self._round += 1
        fault, callers, cluster = FAULTS[name], self._callers, self._cluster
        self._living_node = next(node for node in cluster.names if node != fault.victim)
        await callers.sign_in()
        callers.wrong.clear()
        up = await callers.place(f"138{self._round:02}{at:06}" for at in range(UP))
        await callers.until_recorded(up, self._living_node)
        print(f"  {len(up)} calls up: {dict(Counter(caller.node for caller in up))}", flush=True)
        if fault.short_calls:  # an upgrade begins only after the calls in progress have ended
            await self._serve(up)
        if fault.orders:
            await self._consult([caller for caller in up if caller.taken])
        probes: list[ClusterCaller] = []
        interval = _SHORT_EVERY if fault.short_calls else _INTERVAL
        probing = asyncio.gather(self._probe(probes, interval, ends=fault.short_calls), callers.stay_registered())
        began = _now()
        if fault.stops:
            callers.frozen.add(fault.victim)
        failing = asyncio.create_task(asyncio.to_thread(fault.fail, cluster, fault.victim))
        watch = asyncio.create_task(self._watch(fault, up, began))
        await failing
        await self._live_with(fault, up, began)
        seats_back, called_back = await watch
        await asyncio.to_thread(fault.undo, cluster, fault.victim)
        for caller in up:  # a phone sends its BYE for 32 s (RFC 3261, timer F)
            if caller.gave_up and caller.seat_leg:
                caller.leg.request("BYE")
                caller.seat_leg.request("BYE")
        callers.frozen.clear()
        await asyncio.to_thread(cluster.until, "open", *cluster.names, ask=self._living_node)
        await asyncio.sleep(_AFTER)
        await _stop(probing)
        at = await callers.at_nodes()
        at_risk = (*up, *_taken_by_victim(fault, probes, at, began))
        lost = [caller for caller in at_risk if not caller.leg.by_us and (caller.leg.ended or caller.number not in at)]
        lost += [caller for caller in up if caller.gave_up]
        at_victim = [caller for caller in lost if _passes(caller, fault.victim) and (fault.silent or fault.ends_calls)]
        elsewhere = [caller for caller in lost if caller not in at_victim]
        print(f"  lost {len(at_victim)} + {len(elsewhere)}; new calls at {_nodes(probes, at)}", flush=True)
        unserved = await self._unserved([caller for caller in (*up, *probes) if caller not in lost])
        for caller in (*up, *probes):
            caller.leg.hang_up()
        await callers.until_idle()
        records = await callers.records_wrong((*up, *probes), self._living_node)
        twice = [seat for seat, nodes in (await callers.signed_in()).items() if len(nodes) > 1]
        late = [caller for caller in probes if not caller.leg.answered or caller.leg.answer_delay > _ANSWERED_WITHIN]
        other = [f"not answered within {_ANSWERED_WITHIN:g} s: {caller.number} after {caller.asked_at - began:.1f} s "
                 f"({caller.leg.answer_delay:.1f} s, {caller.leg.code})" for caller in late]  # fmt: skip
        other += [f"never reached an agent: {caller.number} ({caller.node})" for caller in unserved]
        other += [f"signed in at two nodes: {seat}" for seat in twice]
        other += [f"{event} after {_seconds(value)} s, not {_BACK_WITHIN:g}"
                  for event, value in (("seats signed in again", seats_back), ("waiting callers on the callback list",
                  called_back)) if value > _BACK_WITHIN]  # fmt: skip
        slowest = max(
            (caller.leg.answer_delay if caller.leg.answered else math.inf for caller in probes), default=math.nan
        )
        return ClusterResult(
            len(up),
            [caller.number for caller in at_victim],
            [f"lost at {caller.node}: {caller.number} ({caller.leg.code})" for caller in elsewhere],
            list(callers.wrong),
            records,
            len(probes),
            slowest,
            seats_back,
            called_back,
            other,
        )

    async def _consult(self, talking: list[ClusterCaller]) -> None:
        """Let the agents consult a center that is busy, because an agent may then make a work order for its unit."""
        legs = [caller.seat_leg for caller in talking if caller.seat_leg]
        invites = self._cluster.carrier.invites
        expected = len(invites) + len(legs)
        await asyncio.gather(*(leg.press(_CONSULT_KEYS) for leg in legs))
        await asyncio.sleep(_PROMPTS)
        await asyncio.gather(*(leg.press(_CENTER) for leg in legs))
        async with asyncio.timeout(_SERVED_WITHIN):
            while len(invites) < expected:  # noqa: ASYNC110 - a port has no event for its calls
                await asyncio.sleep(_POLL_INTERVAL)
        await asyncio.sleep(_PROMPTS)

    async def _live_with(self, fault: ClusterFault, up: list[ClusterCaller], began: float) -> None:
        """Let agents and callers act during the failure, until its repair."""
        talking = [caller for caller in up if caller.taken and not caller.leg.ended]
        if fault.orders:
            for caller in talking:
                assert caller.seat_leg
                await caller.seat_leg.press(_ORDER_KEYS)
                caller.has_work_order = True
        while _now() < began + fault.away:
            if fault.silent and _now() > began + _PATIENCE:
                for caller in talking:
                    if _passes(caller, fault.victim) and not caller.gave_up:
                        caller.gave_up = True
                        caller.leg.hang_up()
                        assert caller.seat_leg
                        caller.seat_leg.hang_up()
            await asyncio.sleep(_POLL_INTERVAL)

    async def _watch(self, fault: ClusterFault, up: list[ClusterCaller], began: float) -> tuple[float, float]:
        """Return the seconds until the seats were back, and until the victim's callers were on the callback list."""
        seats = called_back = math.nan
        if not fault.silent:
            return seats, called_back
        seats = called_back = math.inf
        found: list[dict[str, str]] = []
        waited: set[str] = set()
        while _now() < began + fault.away and math.inf in (seats, called_back):
            signed_in = await self._callers.signed_in()
            if seats == math.inf and all(set(signed_in.get(seat, [])) - {fault.victim} for seat in self._callers.seats):
                seats = _now() - began
            try:
                found = await asyncio.to_thread(self._cluster.nodes[self._living_node].ask, "callbacks")
            except AWAY:
                found = []
            # Hang-ups free seats, so an agent may still answer a waiting caller who came in at the failed node.
            waited = {caller.number for caller in up if caller.node == fault.victim and not caller.taken}
            if called_back == math.inf and waited <= {callback["caller"] for callback in found}:
                called_back = _now() - began
            await asyncio.sleep(_POLL_INTERVAL)
        print(
            f"  {len(waited - {callback['caller'] for callback in found})} of {len(waited)} not on the callback list",
            flush=True,
        )
        return seats, called_back

    async def _probe(self, probes: list[ClusterCaller], interval: float, *, ends: bool) -> None:
        """Let new callers call, one after another.

        If ``ends``, each talk ends after a moment, and a caller who has no agent after a minute hangs up.

        The first callers call at once, so that the node that fails confirms a call with 100, and answers no more.
        """
        for at in range(AT_ONCE):
            probes.append(self._callers.call(f"137{self._round:02}{at:06}"))
            await asyncio.sleep(_BETWEEN)
        while True:
            probes.append(self._callers.call(f"139{self._round:02}{len(probes):06}"))
            await asyncio.sleep(interval)
            if ends:
                for caller in probes:
                    if caller.talked_for() > _TALK:
                        caller.leg.hang_up()
                await self._leave([caller for caller in probes if _now() > caller.asked_at + _WAITS])

    async def _leave(self, callers: list[ClusterCaller]) -> None:
        """Let callers without an agent hang up, and note those whom a node of the version before offered to none.

        A node of 9a16c34f tells a new caller in the moment in which a queue moves that no agent is signed in, and asks
        for a message. The phones send no sound, so that Asterisk records each message for its longest time.
        """
        waiting = [caller for caller in callers if not caller.taken and not caller.leg.ended]
        if not waiting:
            return
        with contextlib.suppress(*AWAY):  # asked again after a moment
            at = await self._callers.at_nodes()
            records = await asyncio.to_thread(self._cluster.nodes[self._living_node].ask, "calls")
            never_offered = {record["caller"] for record in records if not record["first_offer_at"]}
            for caller in waiting:
                caller.node = at.get(caller.number, caller.node)
                node = self._cluster.nodes.get(caller.node)
                caller.turned_away = node is not None and node.program != IVR and caller.number in never_offered
                caller.leg.hang_up()

    async def _unserved(self, callers: list[ClusterCaller]) -> list[ClusterCaller]:
        """Serve the callers who are left; return those who got no agent, without those of the version before."""
        left = [caller for caller in callers if caller.leg.by_us and not caller.taken]
        waiting = await self._serve([caller for caller in callers if caller not in left])
        await self._leave(waiting)
        turned_away = [caller.number for caller in (*left, *waiting) if caller.turned_away]
        if turned_away:
            print(f"  offered to no agent by a node of the version before: {', '.join(turned_away)}", flush=True)
        return [caller for caller in (*left, *waiting) if not caller.turned_away]

    async def _serve(self, callers: list[ClusterCaller]) -> list[ClusterCaller]:
        """End each talk after a moment, so that waiting callers get an agent; return the callers who got no agent."""
        waiting, deadline = list(callers), _now() + _SERVED_WITHIN
        while waiting and _now() < deadline:
            for caller in list(waiting):
                if caller.talked_for() > _TALK or (caller.taken and caller.leg.ended):
                    caller.leg.hang_up()
                    waiting.remove(caller)
            await asyncio.sleep(0.1)
        return waiting


async def _stop(task: asyncio.Future[object]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _nodes(probes: list[ClusterCaller], at: dict[str, str]) -> dict[str | None, int]:
    return dict(Counter(at.get(caller.number) for caller in probes))


def _taken_by_victim(
    fault: ClusterFault, probes: list[ClusterCaller], at: dict[str, str], began: float
) -> list[ClusterCaller]:
    """Return the new callers whose call the victim had just taken when its calls ended, and note the node."""
    if not fault.ends_calls:
        return []
    found = [caller for caller in probes if caller.asked_at < began + _POLL_INTERVAL and caller.number not in at]
    for caller in found:
        caller.node = fault.victim
    return found


def _passes(caller: ClusterCaller, victim: str) -> bool:
    """Return whether a call passes through a node: the call came in there, or its agent works there."""
    return caller.node == victim or (victim == HOME and bool(caller.taken))


def _seconds(value: float) -> str:
    return "" if math.isnan(value) else "never" if value == math.inf else f"{value:.1f}"


def _now() -> float:
    return asyncio.get_running_loop().time()
