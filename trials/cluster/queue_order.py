"""One queue over all nodes: the longest waiting caller is served first, and no phone is rung twice at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from trials.cluster import double_rings
from trials.cluster.callers import Callers, ClusterCaller, Ringing
from trials.cluster.running_cluster import RunningCluster

_ORDERED, _OFFERED = 200, 1000  # callers
_CALL_INTERVAL = 0.15  # seconds between two callers
_TALK = 0.4  # seconds
_EARLIER = 1.0  # seconds: app_queue looks once a second whether it is a caller's turn
_WAITING = 24  # callers at once, so that a slow machine only takes longer
_SERVED_WITHIN = 150.0  # seconds
_INTERVAL = 0.05
_REPORT_EVERY = 100  # offers after which the trial prints their number
_OFFERED_WITHIN = 240.0  # seconds


@dataclass
class QueueResult:
    """The result of a queue trial: the callers, and the faults, a line each."""

    callers: int
    offers: int
    out_of_order: list[str]
    rung_twice: list[str]
    unserved: list[str]
    records: list[str]
    other: list[str]  # other broken promises, a line each

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        return [str(self.callers), str(self.offers), *(str(len(found)) for found in
                (self.out_of_order, self.rung_twice, self.unserved, self.records))]  # fmt: skip

    @property
    def wrong(self) -> list[str]:
        """Return the broken promises, a line each."""
        return [*self.out_of_order, *self.rung_twice, *self.unserved, *self.records, *self.other]


@dataclass(frozen=True)
class QueueTrial:
    """One row: its title, and the function that lets the callers call."""

    title: str
    place: Callable[[Callers], Awaitable[list[ClusterCaller]]]
    in_order: bool
    seats: tuple[str, ...] = ()  # with an agent; without them those of all trials
    ringing: Ringing | None = None
    registry: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    least_offers: int = 0


async def run(cluster: RunningCluster, trial: QueueTrial) -> QueueResult:
    """Let the callers call, and serve all callers."""
    callers = Callers(cluster, trial.seats, trial.ringing)
    await callers.sign_in()
    callers.wrong.clear()
    callers.offers = 0
    registering = asyncio.create_task(callers.stay_registered())
    placed = await trial.place(callers)
    unserved = await _serve(placed)
    for caller in placed:
        caller.leg.hang_up()
    registering.cancel()
    await callers.until_idle()
    records = await callers.records_wrong(placed, cluster.names[0])
    since = await callers.waiting_since(cluster.names[0])
    return QueueResult(
        len(placed),
        callers.offers,
        out_of_order([caller for caller in placed if caller.taken], since) if trial.in_order else [],
        list(callers.wrong),
        [f"never reached an agent: {caller.number}" for caller in unserved],
        records,
        [f"only {callers.offers} offers"] if callers.offers < trial.least_offers else [],
    )


def out_of_order(served: Sequence[ClusterCaller], since: Mapping[str, datetime]) -> list[str]:
    """Return the callers who were served before a caller who had waited for longer; both by more than `_EARLIER`.

    Args:
        served: the callers, each with the time of the ring.
        since: when each caller began to wait, by number.
    """
    faults = []
    for caller in served:
        earlier = since[caller.number] - timedelta(seconds=_EARLIER)
        passed = [
            other for other in served if since[other.number] < earlier and other.taken_at > caller.taken_at + _EARLIER
        ]
        if passed:
            first = min(passed, key=lambda other: since[other.number])
            before = (since[caller.number] - since[first.number]).total_seconds()
            faults.append(f"{caller.number} was served before {len(passed)} callers who had waited for longer, such as "
                         f"{first.number}, who had begun to wait {before:.1f} s earlier")  # fmt: skip
    return faults


async def _all_wait(callers: Callers) -> list[ClusterCaller]:
    """Let all callers call before the first talk ends."""
    placed = []
    for at in range(_ORDERED):
        placed.append(callers.call(f"137{at:08}"))
        await asyncio.sleep(_CALL_INTERVAL)
    return placed


async def _stream(callers: Callers) -> list[ClusterCaller]:
    """Let callers call all the time, so that each finds an agent or waits for a moment."""
    placed: list[ClusterCaller] = []
    up: list[ClusterCaller] = []
    reported, began = 0, _now()
    homes = await asyncio.to_thread(callers.homes)
    print(f"  groups: {homes}", flush=True)
    while callers.offers < _OFFERED and _now() < began + _OFFERED_WITHIN:
        up = [caller for caller in up if not caller.leg.ended]
        if sum(not caller.taken for caller in up) < _WAITING:
            up.append(callers.call(f"136{len(placed):08}", double_rings.LINES[len(placed) % len(double_rings.LINES)]))
            placed.append(up[-1])
        if callers.offers >= reported + _REPORT_EVERY:
            reported = callers.offers
            print(f"  {reported} offers after {_now() - began:.0f} s", flush=True)
        await asyncio.sleep(_CALL_INTERVAL)
        _end_talks(up)
    return placed


async def _serve(placed: list[ClusterCaller]) -> list[ClusterCaller]:
    """End each talk after a moment; return the callers who never got an agent."""
    deadline = _now() + _SERVED_WITHIN
    while _now() < deadline and any(not caller.leg.ended for caller in placed):
        _end_talks(placed)
        await asyncio.sleep(_INTERVAL)
    return [caller for caller in placed if not caller.taken]


def _end_talks(placed: Sequence[ClusterCaller]) -> None:
    for caller in placed:
        if caller.taken and not caller.leg.ended and _now() > caller.taken_at + _TALK:
            caller.leg.hang_up()


def _now() -> float:
    return asyncio.get_running_loop().time()


QUEUE_TRIALS = {
    "order": QueueTrial(
        f"{_ORDERED} callers wait; then agents take the callers, and the order is kept",
        _all_wait,
        in_order=True,
    ),
    "offers": QueueTrial(
        f"{_OFFERED} offers to agents of {len(double_rings.GROUPS)} groups with homes at three nodes, agents in one or "
        f"two groups each; {_WAITING} callers wait, and agents refuse one call of {double_rings.RINGING.refused}",
        _stream,
        in_order=False,
        seats=double_rings.SEATS,
        ringing=double_rings.RINGING,
        registry=double_rings.with_more_groups,
        least_offers=_OFFERED,
    ),
}
