"""`/metrics` and `/healthz`: the answers to a monitoring system, also if Asterisk or the database is stuck."""

import asyncio
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ivr.engine import metrics
from ivr.engine.metrics import SCRIPT_ERRORS, HotlineCollector, Snapshot
from ivr.engine.web import Web
from ivr.runtime.ports import free_ports
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.patience import PATIENCE
from tests.agi_scripts.conftest import asterisk, prompts, registry, services, shipped, unrated  # noqa: F401 - fixtures

STATUS = {
    "stopping": False,
    "seats": [
        {"seat": "8001", "state": "ready"},
        {"seat": "8002", "state": "ready"},
        {"seat": "8003", "state": "busy"},
    ],
    "queues": [{"group": "general", "waiting": 2, "longest_wait_s": 31, "ready": 1, "unattended_s": 0, "limit": 50}],
    "trunks": [{"trunk": "ims", "up": True}],
    "refusals": {"no-common-codec": 3},
    "calls": [{"stage": "waiting", "caller": "13800000001"}, {"stage": "talking", "caller": "13800000002"}],
}
WELL = Snapshot(scripts=3, import_lag=0.4, status=STATUS, outcomes={"answered": 7, "message": 1})


@contextmanager
def served(snapshot: Snapshot) -> Iterator[int]:
    async def now() -> Snapshot:
        return snapshot

    port = free_ports("127.0.0.1", 1)[0]
    collector = HotlineCollector(now, asyncio.get_running_loop())
    with Web(port, collector, collector.health):
        yield port


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


async def fetch(port: int, path: str) -> tuple[int, str]:
    return await asyncio.to_thread(get, port, path)


def values(text: str) -> dict[str, float]:
    """Every sample as Prometheus' own parser reads it, ``name{label}`` → value."""
    values_by_label = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            values_by_label[sample.name + "".join(f"{{{value}}}" for value in sample.labels.values())] = sample.value
    return values_by_label


async def test_prometheus_reads_calls_seats_and_imports() -> None:
    with served(WELL) as port:
        code, text = await fetch(port, "/metrics")
    shown = values(text)
    assert code == 200
    for name, value in {
        "hotline_engine_answers": 1,
        "hotline_asterisk_answers": 1,
        "hotline_scripts_running": 3,
        "hotline_calls_in_progress{waiting}": 1,
        "hotline_calls_in_progress{menu}": 0,
        "hotline_calls_total{answered}": 7,
        "hotline_queue_waiting{general}": 2,
        "hotline_queue_longest_wait_seconds{general}": 31,
        "hotline_seats{ready}": 2,
        "hotline_seats{busy}": 1,
        "hotline_import_lag_seconds": 0.4,
        "hotline_trunk_up{ims}": 1,
        "hotline_refusals_total{no-common-codec}": 3,
    }.items():
        assert shown[name] == value, name
    assert shown["hotline_uptime_seconds"] >= 0


async def test_a_node_reports_its_own_calls_so_that_a_sum_over_nodes_counts_each_once() -> None:
    figures = {"waiting": 2, "longest_wait_s": 31, "ready": 1, "unattended_s": 0, "limit": 50}
    status = {
        **STATUS,
        "node": "east",
        "seats": [{"state": "ready", "node": "east"}, {"state": "ready", "node": "west"}, {"state": "off", "node": ""}],
        "queues": [{**figures, "group": "general", "node": "east"}, {**figures, "group": "law", "node": "west"}],
        "trunks": [{"trunk": "ims", "up": True, "node": "east"}, {"trunk": "ims", "up": False, "node": "west"}],
        "calls": [{"stage": "waiting", "node": "east"}, {"stage": "talking", "node": "west"}],
    }
    with served(Snapshot(scripts=3, import_lag=0.4, status=status, outcomes={})) as port:
        shown = values((await fetch(port, "/metrics"))[1])
    of_nodes = {name: value for name, value in shown.items() if "east" in name or "west" in name}
    assert of_nodes == {
        "hotline_node{east}": 1,
        "hotline_calls_in_progress{east}{menu}": 0,
        "hotline_calls_in_progress{east}{waiting}": 1,
        "hotline_seats{east}{ready}": 1,
        "hotline_queue_waiting{general}{east}": 2,
        "hotline_queue_longest_wait_seconds{general}{east}": 31,
        "hotline_queue_ready_seats{general}{east}": 1,
        "hotline_queue_unattended_seconds{general}{east}": 0,
        "hotline_queue_limit{general}{east}": 50,
        "hotline_trunk_up{east}{ims}": 1,
    }
    assert shown["hotline_seats{}{off}"] == 1


async def test_no_number_of_a_caller_is_shown() -> None:
    with served(WELL) as port:
        assert "13800" not in (await fetch(port, "/metrics"))[1]


async def test_without_asterisk_and_database_the_other_metrics_are_served() -> None:
    with served(Snapshot(scripts=0, import_lag=90.0, status=None, outcomes=None)) as port:
        shown = values((await fetch(port, "/metrics"))[1])
        code, health = await fetch(port, "/healthz")
    assert shown["hotline_asterisk_answers"] == 0
    assert shown["hotline_import_lag_seconds"] == 90
    assert not any(name.startswith(("hotline_seats", "hotline_calls")) for name in shown)
    assert code == 503
    assert json.loads(health) == {"ok": False, "engine": True, "asterisk": False, "stopping": False, "records": False}


async def test_without_the_database_calls_go_on_and_the_health_check_is_ok() -> None:
    with served(Snapshot(0, 90.0, STATUS, None)) as port:
        code, health = await fetch(port, "/healthz")
    assert (code, json.loads(health)) == (
        200,
        {"ok": True, "engine": True, "asterisk": True, "stopping": False, "records": False},
    )


async def test_an_engine_with_a_blocked_event_loop_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its event loop does nothing while the watchdog asks."""
    monkeypatch.setattr(metrics, "_DEADLINE", 0.3)
    with served(WELL) as port:
        asking = asyncio.get_running_loop().run_in_executor(None, get, port, "/healthz")
        await asyncio.sleep(0)
        time.sleep(1.0)  # noqa: ASYNC251 - that is the point
        code, health = await asking
    assert code == 503
    assert json.loads(health)["engine"] is False


async def test_no_other_path_answers() -> None:
    with served(WELL) as port:
        assert [(await fetch(port, path))[0] for path in ("/", "/../secrets.json", "/metrics/x")] == [404] * 3


async def test_idle_and_endless_peers_keep_no_other_peer_out() -> None:
    with served(WELL) as port:
        idle = [socket.create_connection(("127.0.0.1", port)) for _peer in range(40)]
        for peer in idle[:20]:
            peer.sendall(b"\x00\xff" * 50)
        async with asyncio.timeout(PATIENCE):
            while (await asyncio.to_thread(answer_or_none, port)) is None:  # noqa: ASYNC110 - another thread's work
                await asyncio.sleep(0.05)
        for peer in idle:
            peer.close()


def answer_or_none(port: int) -> tuple[int, str] | None:
    try:
        return get(port, "/healthz")
    except OSError:
        return None


async def test_a_script_that_fails_is_counted_and_a_caller_who_hangs_up_is_not(
    asterisk: FakeAsterisk,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def errors() -> Any:
        return SCRIPT_ERRORS.labels("citizen")._value.get()

    before = errors()
    with monkeypatch.context() as broken:
        broken.setattr("ivr.routing.decide.plan", None)
        await asterisk.call("12345")
    assert errors() == before + 1
    await asterisk.call("12345", hang_up_at="opening")
    assert errors() == before + 1
