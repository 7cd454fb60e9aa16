"""The programs for which the files in deploy/ are made accept them, if the machine has these programs."""

import re
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.main import main
from testkit.hotline.running import IVR, ROOT

UNITS = ROOT / "deploy" / "systemd"
CLUSTER = ROOT / "deploy" / "cluster"
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
needs_keepalived = pytest.mark.skipif(not shutil.which("keepalived"), reason="keepalived is not here")
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Return the units with the commands of this checkout, because systemd checks that the commands exist."""
    for unit in (*UNITS.iterdir(), CLUSTER / "hotline-front.service"):
        text = unit.read_text(encoding="utf-8").replace("/opt/hotline/bin/ivr", str(IVR))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    (tmp_path / "keepalived.service").write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    drop_ins = tmp_path / "keepalived.service.d"
    drop_ins.mkdir()
    shutil.copy(CLUSTER / "keepalived-front.conf", drop_ins)
    return tmp_path


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


@needs_systemd
def test_systemd_accepts_the_units(units: Path) -> None:
    process = analyze("verify", "--man=no", "--recursive-errors=no", *sorted(units.glob("*.service")))
    assert process.returncode == 0, process.stderr
    assert not [line for line in process.stderr.splitlines() if str(units) in line]


@needs_systemd
def test_systemd_rates_the_sandbox_of_the_hotline_ok(units: Path) -> None:
    """The exposure is 0 to 10; below 2 systemd says OK. The rest is the network, which a hotline needs."""
    process = analyze("security", "--offline=true", "--threshold=20", "--no-pager", units / "hotline.service")
    assert process.returncode == 0, process.stdout


@needs_keepalived
@pytest.mark.parametrize("name", ["keepalived.conf", "keepalived-desk.conf"])
def test_keepalived_has_no_complaint_about_its_file(name: str) -> None:
    """keepalived 2.2.7 ends its test of a file that names a script by SIGTERM to itself, with and without a fault."""
    command = ["keepalived", "--config-test", "--log-console", f"--use-file={CLUSTER / name}"]
    process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, start_new_session=True)
    assert "Line " not in process.stdout + process.stderr
    assert process.returncode in (0, -signal.SIGTERM)


def test_the_commands_of_unit_and_container_are_commands() -> None:
    started = re.findall(
        r"(?m)^Exec\w+=\S+/ivr (.*)$",
        "\n".join(unit.read_text() for unit in (*UNITS.iterdir(), *CLUSTER.glob("hotline-*"))),
    )
    started += re.findall(r"exec ivr (\w+)", CONTAINER) + re.findall(r'CMD \["ivr", "(\w+)"\]', CONTAINER)
    assert len(started) == 7
    for line in started:
        command, *words = shlex.split(line)
        help_text = CliRunner().invoke(main, [command, "--help"]).output
        assert all(word in help_text for word in words if word.startswith("--")), line


def test_the_container_is_made_of_existing_files_and_runs_without_root() -> None:
    copied = [word for line in re.findall(r"(?m)^COPY (.*) \S+$", CONTAINER) for word in line.split()]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert re.findall(r"(?m)^USER (\S+)$", CONTAINER) == ["hotline"]
    assert "secret" not in CONTAINER.lower()


def test_the_jail_names_the_filter_and_the_log() -> None:
    jail = (ROOT / "deploy" / "fail2ban" / "jail.d" / "hotline.conf").read_text(encoding="utf-8")
    assert "filter = hotline\n" in jail
    home = re.search(r"HOTLINE_HOME=(\S+)", (UNITS / "hotline.service").read_text(encoding="utf-8"))
    assert home
    assert f"logpath = {home[1]}/var/log/security\n" in jail
