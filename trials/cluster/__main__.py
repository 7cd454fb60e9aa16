"""``make cluster``: three nodes behind a front on this machine; the costs of their failures: docs/cluster-failures.md.

``python -m trials.cluster [NAME]…`` tries the named failures only; the table keeps the rows of earlier runs. It needs
root, because it makes network namespaces. ``page-phone`` is no row: a desk in a browser, whose page's phone is rung.
Nor is ``wss-softphone``: a softphone with WebRTC, whose seat has ``transport: wss``.
"""

import asyncio
import os
import sys
import time

from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import IVR
from trials.cluster import cluster_page, earlier_version, page_phone, queue_order, wss_softphone
from trials.cluster.cluster_faults import FAULTS
from trials.cluster.cluster_trial import ClusterResult, ClusterTrial
from trials.cluster.earlier_version import HistoryMissing
from trials.cluster.queue_order import QUEUE_TRIALS, QueueResult
from trials.cluster.running_cluster import AWAY, RunningCluster

_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120, "rating": 0}
_LIMITS = {"caller": 20, "trunk": 1000}
_WAITING = 500  # callers in a queue
_LONGEST = 900.0  # seconds of one row


async def _run_trial(name: str, at: int) -> ClusterResult | QueueResult:
    """Make one row with a new cluster, so that the damage of an earlier row does not count."""
    shipped = quick_registry(timers=_TIMERS, limits=_LIMITS)
    groups = {**shipped["groups"], "general": {**shipped["groups"]["general"], "limit": _WAITING}}
    registry = {**shipped, "groups": groups}
    if name in QUEUE_TRIALS:
        async with (
            RunningCluster(QUEUE_TRIALS[name].registry(registry)) as cluster,
            asyncio.timeout(_LONGEST),
        ):
            return await queue_order.run(cluster, QUEUE_TRIALS[name])
    program = earlier_version.install() if FAULTS[name].begins_earlier else IVR
    async with RunningCluster(registry, program=program) as cluster, asyncio.timeout(_LONGEST):
        return await ClusterTrial(cluster, at).run(name)


async def _page_phone() -> list[str]:
    shipped = quick_registry(timers=_TIMERS, limits=_LIMITS)
    async with RunningCluster(shipped, with_desks=True) as cluster, asyncio.timeout(_LONGEST):
        return await page_phone.PagePhoneTrial(cluster).play()


async def _wss_softphone() -> list[str]:
    shipped = wss_softphone.registry(quick_registry(timers=_TIMERS, limits=_LIMITS))
    async with RunningCluster(shipped) as cluster, asyncio.timeout(_LONGEST):
        return await wss_softphone.WssSoftphoneTrial(cluster).play()


_WITHOUT_ROW = {page_phone.NAME: _page_phone, wss_softphone.NAME: _wss_softphone}


def _all(names: tuple[str, ...]) -> int:
    failed = 0
    page = ""
    for at, name in enumerate(names or (*FAULTS, *QUEUE_TRIALS, *_WITHOUT_ROW)):
        print(name, flush=True)
        began = time.monotonic()
        try:
            if name in _WITHOUT_ROW:
                print("\n".join(f"  {line}" for line in asyncio.run(_WITHOUT_ROW[name]())), flush=True)
                continue
            result = asyncio.run(_run_trial(name, at))
        except HistoryMissing as problem:
            print(f"  skipped: {problem}", flush=True)
            continue
        except (AssertionError, *AWAY) as problem:
            print(f"  not measured: {problem or 'it took too long'}", flush=True)
            failed = 1
            continue
        print("\n".join(f"  {line}" for line in result.wrong[:20]) or "  nothing wrong", flush=True)
        failed = failed or int(bool(result.wrong))
        cells = [*result.cells(), f"{os.getloadavg()[0]:.0f}"]
        page = cluster_page.write({name: cells})
        print(f"  {cells}, after {time.monotonic() - began:.0f} s", flush=True)
    print(page)
    return failed


if __name__ == "__main__":
    sys.exit(_all(tuple(sys.argv[1:])))
