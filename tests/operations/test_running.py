"""A hotline that runs: looked at, changed, taken back, watched."""

import json
import urllib.request
from collections.abc import Iterator

import pytest

from ivr.engine import applied
from ivr.runtime.layout import Home
from tests.calls.running import RunningHotline, registry
from tests.operations.conftest import line
from tests.operations.test_doctor import sip_peer


@pytest.fixture(scope="module")
def hotline() -> Iterator[RunningHotline]:
    with (
        sip_peer(b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n") as carrier,
        RunningHotline(f"127.0.0.1:{carrier}", registry()) as hotline,
    ):
        yield hotline


def test_the_doctor_finds_it_well(hotline: RunningHotline) -> None:
    done = hotline.ivr("doctor", "--json")
    assert "Traceback" not in done.stderr
    found = {one["check"]: one for one in json.loads(done.stdout)}
    wrong = {name: one for name, one in found.items() if one["level"] == "problem" and name != "recordings"}
    assert not wrong
    for name in ("files", "hotline", "SIP port", "carrier", "database", "records", "registry", "Asterisk"):
        assert found[name]["level"] == "ok", found[name]
    assert "nobody at: 话务座席" in found["seats"]["text"]


def test_a_watchdog_finds_it_well(hotline: RunningHotline) -> None:
    port = json.loads((hotline.home / "hotline.json").read_text(encoding="utf-8"))["http_port"]
    assert f"http://127.0.0.1:{port}/healthz" in hotline.ivr("status").stdout
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert json.load(answer) == {"ok": True, "engine": True, "asterisk": True, "records": True}
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert 'hotline_seats{state="offline"} 9.0' in answer.read().decode()


def test_a_registry_is_compared_put_in_force_and_taken_back(hotline: RunningHotline) -> None:
    before = registry()
    try:
        after = registry()
        line(after, "12333")["name"] = "人社热线"
        hotline.write_numbers(after)
        said = hotline.ivr("diff", str(hotline.numbers))
        assert said.returncode == 3
        assert "number 12333: name: 全国人力资源和社会保障服务电话 → 人社热线" in said.stdout
        assert "every call would go the way it goes now" in said.stdout
        assert hotline.ivr("reload").returncode == 0
        assert hotline.ivr("diff", str(hotline.numbers)).returncode == 0
        done = hotline.ivr("rollback")
        assert done.returncode == 0, done.stderr
        assert "is as it was: the next 'ivr reload'" in done.stdout
        assert hotline.ivr("diff", str(hotline.numbers)).returncode == 3
        kept = applied.history(Home(hotline.home))
        assert len(kept) == 3
        assert len({one.by for one in kept[:2]}) == 1
        assert kept[0].by
        assert kept[0].path.read_text(encoding="utf-8") == kept[2].path.read_text(encoding="utf-8")
    finally:
        hotline.write_numbers(before)
        hotline.ivr("reload")
