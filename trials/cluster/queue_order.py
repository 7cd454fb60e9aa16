"""One queue over all nodes: the longest waiting caller is served first, and no phone is rung twice at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trials.cluster.callers import Callers, ClusterCaller
from trials.cluster.running_cluster import RunningCluster

_ORDERED, _OFFERED = 200, 1000  # callers
_APART = 0.15  # seconds between two callers
_TALK = 0.4  # seconds
_EARLIER = 1.0  # seconds: app_queue looks once a second whether it is a caller's turn
_WAITING = 24  # callers at once, so that a slow machine only takes longer
_SERVED_WITHIN = 150.0  # seconds
_LOOK = 0.05


@dataclass
class QueueResult:
    """What became of the callers."""

    callers: int
    out_of_order: list[str]
    rung_twice: list[str]
    unserved: list[str]
    records: list[str]

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        return [str(self.callers), *(str(len(found)) for found in
                (self.out_of_order, self.rung_twice, self.unserved, self.records))]  # fmt: skip

    @property
    def wrong(self) -> list[str]:
        """Return what is not as promised, a line each."""
        return [*self.out_of_order, *self.rung_twice, *self.unserved, *self.records]


@dataclass(frozen=True)
class QueueTrial:
    """One row: in words, and how it is made."""

    what: str
    place: Callable[[Callers], Awaitable[list[ClusterCaller]]]
    in_order: bool


async def run(cluster: RunningCluster, trial: QueueTrial) -> QueueResult:
    """Let the callers call, and serve all."""
    callers = Callers(cluster)
    await callers.sign_in()
    callers.wrong.clear()
    placed = await trial.place(callers)
    left = await _serve(placed)
    for one in placed:
        one.leg.hang_up()
    await callers.until_idle()
    records = await callers.records_wrong(placed, cluster.names[0])
    since = await callers.waiting_since(cluster.names[0])
    return QueueResult(
        len(placed),
        out_of_order([one for one in placed if one.taken], since) if trial.in_order else [],
        list(callers.wrong),
        [f"never reached an agent: {one.number}" for one in left],
        records,
    )


def out_of_order(served: Sequence[ClusterCaller], since: Mapping[str, datetime]) -> list[str]:
    """Return the callers who were served before somebody who had waited for longer: both by more than `_EARLIER`.

    Args:
        served: the callers, each with the time of the ring.
        since: when each caller began to wait, by number.
    """
    wrong = []
    for one in served:
        earlier = since[one.number] - timedelta(seconds=_EARLIER)
        passed = [
            other for other in served if since[other.number] < earlier and other.taken_at > one.taken_at + _EARLIER
        ]
        if passed:
            first = min(passed, key=lambda other: since[other.number])
            before = (since[one.number] - since[first.number]).total_seconds()
            wrong.append(f"{one.number} was served before {len(passed)} who had waited for longer, such as "
                         f"{first.number}, who had begun to wait {before:.1f} s earlier")  # fmt: skip
    return wrong


async def _all_wait(callers: Callers) -> list[ClusterCaller]:
    """All come before the first talk ends."""
    placed = []
    for at in range(_ORDERED):
        placed.append(callers.call(f"137{at:08}"))
        await asyncio.sleep(_APART)
    return placed


async def _stream(callers: Callers) -> list[ClusterCaller]:
    """They come all the time, and find an agent or wait for a moment."""
    placed: list[ClusterCaller] = []
    up: list[ClusterCaller] = []
    while callers.offers < _OFFERED and len(placed) < 2 * _OFFERED:
        up = [one for one in up if not one.leg.ended]
        if sum(not one.taken for one in up) < _WAITING:
            up.append(callers.call(f"136{len(placed):08}"))
            placed.append(up[-1])
        await asyncio.sleep(_APART)
        _end_talks(up)
    return placed


async def _serve(placed: list[ClusterCaller]) -> list[ClusterCaller]:
    """End each talk after a moment; return those who never got an agent."""
    deadline = _now() + _SERVED_WITHIN
    while _now() < deadline and any(not one.leg.ended for one in placed):
        _end_talks(placed)
        await asyncio.sleep(_LOOK)
    return [one for one in placed if not one.taken]


def _end_talks(placed: Sequence[ClusterCaller]) -> None:
    for one in placed:
        if one.taken and not one.leg.ended and _now() > one.taken_at + _TALK:
            one.leg.hang_up()


def _now() -> float:
    return asyncio.get_running_loop().time()


QUEUE_TRIALS = {
    "order": QueueTrial(
        f"{_ORDERED} callers wait; then agents take one after another, and the order is kept", _all_wait, in_order=True
    ),
    "offers": QueueTrial(f"{_OFFERED} offers to agents, while {_WAITING} callers wait", _stream, in_order=False),
}
