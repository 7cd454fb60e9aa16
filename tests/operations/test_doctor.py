"""`ivr doctor`: each fault is one line with advice; a healthy machine has only ok lines."""

import json
import os
import shutil
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from click.testing import Result

from ivr.doctor import logs, machine, reachability, records
from ivr.doctor.examine import checks, examine
from ivr.doctor.finding import Finding, Level
from ivr.records.store.database import Database
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import hotline_facts, sip_options
from ivr.runtime.errors import RuntimeMissing
from ivr.runtime.layout import Home
from ivr.site import registry_history
from tests.operations.sip_peer import HERE, sip_peer


def change_facts(home: Home, **changes: object) -> None:
    stored = json.loads(home.hotline.read_text(encoding="utf-8"))
    home.hotline.write_text(json.dumps({**stored, **changes}), encoding="utf-8")


@pytest.mark.parametrize("answer", [b"SIP/2.0 200 OK\r\n\r\n", b"SIP/2.0 401 Unauthorized\r\n\r\n"])
def test_a_carrier_that_answers_with_any_status_is_ok(home: Home, answer: bytes) -> None:
    with sip_peer(answer) as port:
        change_facts(home, carrier=f"{HERE}:{port}")
        finding = reachability.carrier(home)
    assert finding.level is Level.OK
    assert answer.partition(b"\r")[0].decode() in finding.text


@pytest.mark.parametrize("answer", [None, b"HTTP/1.1 200 OK\r\n\r\n", b"SIP/2.0 \x1b[2J\r\n\r\n"])
def test_a_silent_carrier_or_a_carrier_that_is_no_sip_server_is_a_problem(
    home: Home, answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sip_options, "_SECONDS", 0.2)
    with sip_peer(answer) as port:
        change_facts(home, carrier=f"{HERE}:{port}")
        finding = reachability.carrier(home)
    assert finding.level is Level.PROBLEM
    assert "firewall" in finding.advice


def test_a_closed_port_and_an_unreachable_network_are_problems(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sip_options, "_SECONDS", 0.2)
    with sip_peer(None) as port:
        pass
    for carrier in (f"{HERE}:{port}", "10.255.255.1:5060"):
        change_facts(home, carrier=carrier)
        assert reachability.carrier(home).level is Level.PROBLEM


def test_a_carrier_outside_the_network_is_not_asked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sip_options, "answers", lambda *_where: pytest.fail("asked"))
    for carrier in ("8.8.8.8:5060", "sip.carrier.example:5060"):
        change_facts(home, carrier=carrier)
        assert reachability.carrier(home).text == f"{carrier} is in another network, and gets no OPTIONS request"


def test_a_missing_asterisk_is_a_problem(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise RuntimeMissing("no Asterisk 20 or newer here")

    monkeypatch.setattr(machine.asterisk, "find", missing)
    assert machine.runtime(home) == Finding(Level.PROBLEM, "no Asterisk 20 or newer here", "run 'make setup'")


def test_files_that_other_users_can_read_are_a_problem(home: Home) -> None:
    home.root.chmod(0o700)
    home.hotline.chmod(0o600)
    assert machine.files(home).level is Level.OK
    home.secrets.write_text("{}", encoding="utf-8")
    home.secrets.chmod(0o640)
    finding = machine.files(home)
    assert finding.level is Level.PROBLEM
    assert str(home.secrets) in finding.text
    home.secrets.chmod(0o600)
    home.root.chmod(0o755)
    assert machine.files(home).level is Level.PROBLEM


@pytest.mark.parametrize(("free", "level"), [(1e8, Level.PROBLEM), (1e9, Level.WARNING), (1e11, Level.OK)])
def test_a_full_disk_is_a_problem(home: Home, free: float, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**12, 0, int(free)))
    assert machine.disk(home).level is level


def test_a_clock_that_fell_back_is_a_problem(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_synchronised", lambda: None)
    assert machine.clock(home).level is Level.OK
    registry_history.keep(home, "", datetime.now(CITY_TIME) + timedelta(days=400))
    finding = machine.clock(home)
    assert finding.level is Level.PROBLEM
    assert "set the clock" in finding.advice


def test_a_clock_without_synchronisation_is_a_warning(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_synchronised", lambda: False)
    assert machine.clock(home).level is Level.WARNING


def test_a_broken_registry_and_a_registry_that_is_not_in_force_are_found(home: Home) -> None:
    file = home.root.parent / "numbers.yaml"
    file.write_text(registry_history.current(home), encoding="utf-8")
    assert reachability.registry(home).level is Level.OK
    file.write_text(registry_history.current(home) + "\n# changed\n", encoding="utf-8")
    assert "ivr reload" in reachability.registry(home).advice
    file.write_text(registry_history.current(home).replace("mode: merged", "mode: mergd", 1), encoding="utf-8")
    finding = reachability.registry(home)
    assert finding.level is Level.PROBLEM
    assert "'mergd' is not a mode" in finding.text


def test_a_stopped_hotline_and_a_port_of_another_program_are_found(home: Home) -> None:
    assert reachability.running(home).level is Level.PROBLEM
    assert reachability.seats(home).level is Level.WARNING
    assert reachability.port(home).level is Level.OK
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((HERE, hotline_facts.read(home.hotline).sip_port))
        finding = reachability.port(home)
    assert finding.level is Level.PROBLEM
    assert "is in use by another program" in finding.text


def test_a_database_that_is_new_old_or_unreachable_is_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTLINE_DATABASE", raising=False)
    assert records.database(home).level is Level.WARNING
    assert not home.call_database.exists(), "the check makes no database"
    home.call_database.touch()
    assert "another version" in records.database(home).text
    Database(f"sqlite:///{home.call_database}").migrate()
    assert records.database(home).level is Level.OK
    monkeypatch.setenv("HOTLINE_DATABASE", "postgresql://u:geheim@127.0.0.1:1/calls")
    finding = records.database(home)
    assert finding.level is Level.PROBLEM
    assert "geheim" not in finding.text


def test_lines_that_wait_for_the_import_are_counted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTLINE_DATABASE", raising=False)
    Database(f"sqlite:///{home.call_database}").migrate()
    assert records.imported(home).level is Level.OK
    home.queue_log.write_text("1|NONE|NONE|NONE|QUEUESTART|\n2|NONE|NONE|NONE|QUEUESTART|\nhalf a li", encoding="utf-8")
    finding = records.imported(home)
    assert finding.level is Level.WARNING
    assert finding.text.endswith("are not in the records yet: 2")


def test_todays_errors_are_shown_without_numbers_or_controls(home: Home) -> None:
    now = datetime.now()
    old = now - timedelta(days=3)
    (home.log / "messages").write_text(
        f"[{old:%Y-%m-%d %H:%M:%S.000}] ERROR[1] x.c: long ago\n"
        f"[{now:%Y-%m-%d %H:%M:%S.000}] WARNING[1] x.c: no error\n"
        f"[{now:%Y-%m-%d %H:%M:%S.000}] ERROR[12][C-00000001] pbx.c: 13800000001 said \x1b[2J\n",
        encoding="utf-8",
    )
    finding = logs.asterisk(home)
    assert finding.level is Level.WARNING
    assert finding.text.startswith("errors within a day: 1;")
    assert finding.text.endswith("pbx.c: 138****0001 said ?[2J")
    (home.log / "engine.log").write_text(
        'half a line"}\n2026-01-01 an older version ERROR x: y\n'
        f'{{"at": "{datetime.now(CITY_TIME).isoformat()}", "level": "ERROR", "text": "call 1.1: it failed"}}\n',
        encoding="utf-8",
    )
    assert "call 1.1: it failed" in logs.engine(home).text
    (home.log / "engine.log").unlink()
    assert logs.engine(home).level is Level.OK


def test_a_check_that_fails_is_a_finding_and_the_other_checks_go_on(home: Home) -> None:
    home.hotline.write_text("{", encoding="utf-8")
    findings = dict(examine(home))
    assert findings["SIP port"].level is Level.PROBLEM
    assert findings["disk"].level is Level.OK
    assert len(findings) == len(checks())


def test_with_a_problem_the_exit_code_is_1_and_json_has_the_findings(ivr: Callable[..., Result]) -> None:
    result = ivr("doctor", "--json")
    findings = {finding["check"]: finding for finding in json.loads(result.output)}
    assert findings["hotline"]["level"] == "problem"
    assert "start it with 'ivr up" in findings["hotline"]["text"]
    assert result.exit_code == 1
    lines = ivr("doctor").output.splitlines()
    assert [line.split("  ")[0].strip() for line in lines if " hotline " in line[:30]] == ["problem"]
    assert len(lines) == len(findings)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_another_user_is_told_to_run_the_command_as_the_owner(home: Home) -> None:
    home.root.chmod(0)
    assert all("as root" in finding.advice for name, finding in examine(home) if name == "engine's log")
    home.root.chmod(0o700)
