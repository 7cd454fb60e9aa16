"""``make cluster``: three nodes behind a front on this machine, and what their failures cost: docs/cluster-failures.md.

``python -m trials.cluster [NAME]…`` does those named only; the table keeps the rows of earlier runs. Root only, because
network namespaces are made.
"""

import asyncio
import math
import sys
from collections import Counter

from tests.calls.conftest import quick_registry
from trials.cluster import cluster_page
from trials.cluster.callers import SEATS, Callers, ClusterCaller
from trials.cluster.cluster_faults import FAULTS, VICTIM, ClusterFault
from trials.cluster.running_cluster import RunningCluster

_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120, "rating": 0}
_EVERY = 0.4  # seconds between two new calls while something has failed
_PROMISED = 2.0  # seconds until a new call is answered
_TALK = 1.0
_LEFT = 40.0


class ClusterTrial:
    """All failures, one after the other, at one cluster."""

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster, self._callers, self._round = cluster, Callers(cluster), 0

    async def prepare(self) -> None:
        await self._callers.sign_in()

    async def fail(self, fault: ClusterFault) -> tuple[list[str], list[str]]:
        """Let it fail with calls up; return the row of the table, and what is wrong, a line each."""
        self._round += 1
        callers, cluster = self._callers, self._cluster
        callers.wrong.clear()
        await callers.register()  # phones do so again and again; the front forgets them after two minutes
        asked_at = "west" if VICTIM != "west" else "north"
        numbers = [f"138{self._round:02}{at:06}" for at in range(len(cluster.names) * SEATS * 2)]
        up = await callers.place(numbers)
        await callers.until_recorded(up, asked_at)
        spread = Counter(caller.node for caller in up)
        print(f"  {len(up)} calls up: {dict(spread)}", flush=True)
        probes: list[ClusterCaller] = []
        probing = asyncio.create_task(self._probe(probes)) if not fault.kills else None
        await asyncio.to_thread(fault.fail, cluster)
        probing = probing or asyncio.create_task(self._probe(probes))
        called_back = await self._until_due(up, asked_at) if fault.kills else math.nan
        await asyncio.sleep(max(0.0, fault.away - (0.0 if math.isnan(called_back) else called_back)))
        probing.cancel()
        lost = await callers.gone(one for one in up if fault.kills and one.node == VICTIM)
        with_victim = [one for one in up if one.node == VICTIM and fault.kills]
        await asyncio.to_thread(fault.undo, cluster)
        await asyncio.to_thread(cluster.until, "open", *cluster.names, ask=asked_at)
        if fault.kills:
            await callers.sign_in_at(VICTIM)
        if fault is FAULTS["front"]:
            await callers.register()
        elsewhere = await callers.gone(one for one in up if one not in with_victim)
        late = [one for one in probes if not one.leg.answered or one.leg.answer_delay > _PROMISED]
        slowest = max((one.leg.answer_delay if one.leg.answered else math.inf for one in probes), default=math.nan)
        unserved = await self._serve([one for one in (*up, *probes) if one not in lost and one not in elsewhere])
        for one in (*up, *probes):
            one.leg.hang_up()
        await callers.until_idle()
        records = await callers.records_wrong((*up, *probes), asked_at)
        counted = (up, lost, elsewhere, callers.wrong, records)
        what = (
            fault.what
            if math.isnan(called_back)
            else f"{fault.what}; its waiting callers are on the callback list after {called_back:.0f} s"
        )
        row = [what, *(str(len(found)) for found in counted), f"{slowest:.1f} ({len(probes)} calls)"]
        wrong = [f"lost at a node that did not fail: {one.number} ({one.node})" for one in elsewhere]
        wrong += [f"not answered within {_PROMISED:g} s: {one.number} ({one.leg.answer_delay:.1f} s)" for one in late]
        wrong += [f"never reached an agent: {one.number} ({one.node})" for one in unserved]
        return row, [*wrong, *callers.wrong, *records]

    async def _until_due(self, up: list[ClusterCaller], asked_at: str) -> float:
        """Return after how many seconds the callers who waited at the victim are due for a callback."""
        waited = {one.number for one in up if one.node == VICTIM and not one.taken}
        begun = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < begun + _LEFT:
            found = await asyncio.to_thread(self._cluster.nodes[asked_at].ask, "callbacks")
            if waited <= {one["caller"] for one in found}:
                return asyncio.get_running_loop().time() - begun
            await asyncio.sleep(0.3)
        return math.inf

    async def _probe(self, probes: list[ClusterCaller]) -> None:
        """New callers, one after another."""
        while True:
            probes.append(self._callers.call(f"139{self._round:02}{len(probes):06}"))
            await asyncio.sleep(_EVERY)

    async def _serve(self, callers: list[ClusterCaller]) -> list[ClusterCaller]:
        """Let each talk end after a moment, so that those who wait get an agent; return those who never did."""
        left, deadline = list(callers), asyncio.get_running_loop().time() + _LEFT
        since: dict[str, float] = {}
        while left and asyncio.get_running_loop().time() < deadline:
            now = asyncio.get_running_loop().time()
            for one in list(left):
                if one.taken and now > since.setdefault(one.number, now) + _TALK:
                    one.leg.hang_up()
                    left.remove(one)
            await asyncio.sleep(0.1)
        return left


async def _all(names: tuple[str, ...]) -> int:
    failed, made = False, {}
    async with RunningCluster(quick_registry(timers=_TIMERS)) as cluster:
        trial = ClusterTrial(cluster)
        await trial.prepare()
        for name in names or FAULTS:
            print(name, flush=True)
            row, wrong = await trial.fail(FAULTS[name])
            print("\n".join(f"  {line}" for line in wrong[:20]) or "  nothing wrong", flush=True)
            failed = failed or bool(wrong)
            made[name] = row
            page = cluster_page.write(made)
    print(page)
    return int(failed)


if __name__ == "__main__":
    sys.exit(asyncio.run(_all(tuple(sys.argv[1:]))))
