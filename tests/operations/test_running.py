"""A running hotline: doctor, health check, diff, reload and rollback."""

import json
import urllib.request
from collections.abc import Iterator

import pytest

from ivr.runtime.layout import Home
from ivr.site import registry_history
from testkit.hotline.leaks import leaks
from testkit.hotline.running import RunningHotline, registry
from tests.operations.conftest import line
from tests.operations.sip_peer import sip_peer
from tests.operations.waiting import until
from tests.records.recorded import LOGS

LONG_AGO = "1000000000|NONE|NONE|NONE|QUEUESTART|\n"


pytestmark = pytest.mark.xdist_group("running")  # with one hotline, not with one for each process


@pytest.fixture(scope="module")
def hotline() -> Iterator[RunningHotline]:
    """A hotline in a folder in which another hotline ran some days ago."""
    with sip_peer(b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n") as carrier:
        hotline = RunningHotline(f"127.0.0.1:{carrier}", registry(records={"days": 3650}))
        home = Home(hotline.home)
        home.cel.mkdir(parents=True)
        home.queue_log.write_bytes((LOGS / "expert_answers.queue_log").read_bytes())
        (home.cel / "cel.csv").write_bytes((LOGS / "expert_answers.cel.csv").read_bytes())
        home.queue_log.write_text(LONG_AGO + home.queue_log.read_text(encoding="utf-8"), encoding="utf-8")
        with hotline:
            yield hotline


def test_asterisks_log_files_are_rotated_and_no_line_is_lost_or_read_twice(hotline: RunningHotline) -> None:
    log = hotline.home / "log"
    until(lambda: "were rotated" in (log / "engine.log").read_text(encoding="utf-8"))
    old = sorted(path.name.partition("-20")[0] for path in log.rglob("*-20??????-??????"))
    assert old == ["cel.csv", "messages", "queue_log", "security"]
    assert "CONFIGRELOAD" in (log / "queue_log").read_text(encoding="utf-8")
    [call] = hotline.calls()
    assert (call["outcome"], call["seat"]) == ("answered", "8348")
    assert not leaks(hotline.home)


def test_the_doctor_finds_no_problem_in_a_running_hotline(hotline: RunningHotline) -> None:
    command = hotline.ivr("doctor", "--json")
    assert "Traceback" not in command.stderr
    findings = {finding["check"]: finding for finding in json.loads(command.stdout)}
    problems = {
        name: finding for name, finding in findings.items() if finding["level"] == "problem" and name != "recordings"
    }
    assert not problems
    for name in ("files", "hotline", "SIP port", "carrier", "database", "records", "registry", "Asterisk"):
        assert findings[name]["level"] == "ok", findings[name]
    assert "no seat is signed in to: 话务座席" in findings["seats"]["text"]


def test_the_health_check_of_a_running_hotline_is_ok(hotline: RunningHotline) -> None:
    port = json.loads((hotline.home / "hotline.json").read_text(encoding="utf-8"))["http_port"]
    assert f"http://127.0.0.1:{port}/healthz" in hotline.ivr("status").stdout
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        assert json.load(answer) == {
                "ok": True, "engine": True, "asterisk": True, "stopping": False, "records": True,
            }  # fmt: skip
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        assert 'hotline_seats{state="offline"} 9.0' in answer.read().decode()


def test_a_registry_is_compared_put_in_force_and_rolled_back(hotline: RunningHotline) -> None:
    old_registry = registry()
    try:
        new_registry = registry()
        line(new_registry, "12333")["name"] = "人社热线"
        hotline.write_numbers(new_registry)
        difference = hotline.ivr("diff", str(hotline.numbers))
        assert difference.returncode == 3
        assert "number 12333: name: 全国人力资源和社会保障服务电话 → 人社热线" in difference.stdout
        assert "every call would go the way it goes now" in difference.stdout
        assert hotline.ivr("reload").returncode == 0
        assert hotline.ivr("diff", str(hotline.numbers)).returncode == 0
        rollback = hotline.ivr("rollback")
        assert rollback.returncode == 0, rollback.stderr
        assert "was not changed, and the next 'ivr reload'" in rollback.stdout
        assert hotline.ivr("diff", str(hotline.numbers)).returncode == 3
        versions = registry_history.history(Home(hotline.home))
        assert len(versions) == 3
        assert len({version.by for version in versions[:2]}) == 1
        assert versions[0].by
        assert versions[0].path.read_text(encoding="utf-8") == versions[2].path.read_text(encoding="utf-8")
    finally:
        hotline.write_numbers(old_registry)
        hotline.ivr("reload")
