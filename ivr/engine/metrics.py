"""Metrics for Prometheus: counts and states, never a caller's number."""

import asyncio
import time
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import Counter, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from ivr.alarms.alarm_rules import AlarmKind

SCRIPT_ERRORS = Counter("hotline_script_errors", "Call scripts that failed.", ["script"], registry=None)
_LAGS = 30.0  # seconds without an import after which the records count as late
_DEADLINE = 8.0  # seconds; AMI's own deadline is 5 s


def count_failure(script: str) -> None:
    """Count a call script that failed."""
    SCRIPT_ERRORS.labels(script).inc()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of the hotline at one moment."""

    scripts: int  # call scripts that run
    import_lag: float  # seconds since the call records were last up to date
    status: Mapping[str, Any] | None  # as `ivr.engine.status` returns it; None if Asterisk does not answer
    outcomes: Mapping[str, int] | None  # calls since the engine's start by outcome; None if the database cannot be used
    alarms: Mapping[str, int] = field(default_factory=dict)  # open alarms by kind


class HotlineCollector(Collector):
    """Collects the metrics in a thread, from the engine's event loop in another thread."""

    def __init__(self, snapshot: Callable[[], Awaitable[Snapshot]], loop: asyncio.AbstractEventLoop) -> None:
        """``snapshot`` returns the state; it runs in ``loop``."""
        self._snapshot, self._loop = snapshot, loop
        self._started = time.monotonic()

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; if the engine does not answer, only the metric that says so."""
        yield GaugeMetricFamily("hotline_uptime_seconds", "Since the engine's start.", time.monotonic() - self._started)
        yield from SCRIPT_ERRORS.collect()
        snapshot = self._ask()
        yield GaugeMetricFamily("hotline_engine_answers", "1 if the engine answers.", bool(snapshot))
        if snapshot:
            yield from families(snapshot)

    def health(self) -> dict[str, Any]:
        """Return whether new calls are served, ``{"ok": …}``, and which parts of the hotline work."""
        snapshot = self._ask()
        asterisk = snapshot is not None and snapshot.status is not None
        stopping = snapshot is not None and snapshot.status is not None and bool(snapshot.status["stopping"])
        return {
            "ok": asterisk and not stopping,
            "engine": snapshot is not None,
            "asterisk": asterisk,
            "stopping": stopping,
            "records": snapshot is not None and snapshot.import_lag < _LAGS,
        }

    def _ask(self) -> Snapshot | None:
        async def ask() -> Snapshot:
            return await self._snapshot()

        try:
            return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(_DEADLINE)
        except TookTooLong:
            return None


def families(now: Snapshot) -> Iterator[Metric]:
    """Yield the metrics of a snapshot. Pure."""
    yield GaugeMetricFamily("hotline_scripts_running", "Calls whose script is running.", now.scripts)
    yield GaugeMetricFamily(
        "hotline_import_lag_seconds", "Since the call records were last up to date.", now.import_lag
    )
    yield _gauge(
        "hotline_alarms", "Open alarms by kind.", "kind", {kind.value: 0 for kind in AlarmKind} | dict(now.alarms)
    )
    yield GaugeMetricFamily("hotline_asterisk_answers", "1 if Asterisk answers the engine.", now.status is not None)
    if now.outcomes is not None:
        ended = CounterMetricFamily(
            "hotline_calls", "Calls that began since the engine's start and ended, by outcome.", labels=["outcome"]
        )
        for outcome, count in sorted(now.outcomes.items()):
            ended.add_metric([outcome], count)
        yield ended
    if now.status is not None:
        yield from _live(now.status)


def _live(status: Mapping[str, Any]) -> Iterator[Metric]:
    node = status.get("node", "")
    if node:
        yield _gauge("hotline_node", "1 for the node of the cluster that serves these metrics.", "node", {node: 1})
        status = {**status, **{part: _of_node(status[part], node) for part in ("calls", "seats", "queues", "trunks")}}
    yield GaugeMetricFamily(
        "hotline_stopping",
        "1 while new calls are refused, because the hotline is being stopped.",
        bool(status["stopping"]),
    )
    yield _gauge("hotline_calls_in_progress", "Calls in progress by stage.", "stage",
                 {"menu": 0} | Tally(call["stage"] for call in status["calls"]), node)  # fmt: skip
    yield _seats(status["seats"], node)
    for key, name, text in (
        ("waiting", "hotline_queue_waiting", "Callers who wait."),
        ("longest_wait_s", "hotline_queue_longest_wait_seconds", "Waiting time of the first caller."),
        ("ready", "hotline_queue_ready_seats", "Seats that could take a call now."),
        (
            "unattended_s",
            "hotline_queue_unattended_seconds",
            "Time for which no seat has taken calls while callers wait.",
        ),
        ("limit", "hotline_queue_limit", "Callers who may wait at once."),
    ):
        yield _gauge(name, text, "group", {queue["group"]: queue[key] for queue in status["queues"]}, node)
    yield _gauge("hotline_trunk_up", "1 if the trunk can take calls.", "trunk",
                 {trunk["trunk"]: trunk["up"] for trunk in status["trunks"]}, node)  # fmt: skip
    refused = CounterMetricFamily("hotline_refusals", "Requests refused before they became a call.", labels=["kind"])
    for kind, count in sorted(status["refusals"].items()):
        refused.add_metric([kind], count)
    yield refused


def _of_node(parts: Iterable[Mapping[str, Any]], node: str) -> list[Mapping[str, Any]]:
    """Return the parts of a node and the parts of no node, so that the sum over nodes counts each call once."""
    return [part for part in parts if part["node"] in ("", node)]


def _seats(seats: Iterable[Mapping[str, Any]], node: str) -> Metric:
    """Return the seats by state; in a cluster every node reports the seats that are signed out, with the node ""."""
    if not node:
        return _gauge("hotline_seats", "Seats by state.", "state", Tally(seat["state"] for seat in seats))
    gauge = GaugeMetricFamily("hotline_seats", "Seats by state.", labels=["state", "node"])
    for (state, node_of_seats), count in sorted(Tally((seat["state"], seat["node"]) for seat in seats).items()):
        gauge.add_metric([state, node_of_seats], count)
    return gauge


def _gauge(name: str, text: str, label: str, values: Mapping[str, float], node: str = "") -> GaugeMetricFamily:
    node_label = [node] if node else []
    gauge = GaugeMetricFamily(name, text, labels=[label, *(["node"] if node else [])])
    for value, number in values.items():
        gauge.add_metric([value, *node_label], number)
    return gauge
