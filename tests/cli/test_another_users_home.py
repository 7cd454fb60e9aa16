"""Every command refuses another user's hotline in one line."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.runtime.privilege import make_service_user
from testkit.hotline.running import IVR, run_ivr

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root has a hotline of another user to show"),
    pytest.mark.xdist_group("another user"),  # with one site, not with one for each process
]

COMMANDS = [
    ["status"], ["seats"], ["calls"], ["orders"], ["callbacks"], ["report"], ["doctor"], ["rollback"], ["reload"],
    ["diff"], ["up"], ["route", "12333", "--in-force"],
]  # fmt: skip


def as_somebody(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user who is neither root nor the hotline's."""
    return subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", str(IVR), *words],
        capture_output=True, text=True, check=False, cwd="/", env={**os.environ, "LANG": "C.UTF-8", "HOME": "/"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    """Return the site of a hotline that another user ran once."""
    make_service_user()
    parent = Path(tempfile.mkdtemp(prefix="hotline-open-"))
    parent.chmod(0o755)  # every user may enter it
    folder = parent / "site"
    assert run_ivr("init", str(folder)).returncode == 0
    (folder / "var" / "hotline.json").write_text("{}")
    subprocess.run(["chown", "-R", "hotline:", folder / "var"], check=True)
    yield folder
    shutil.rmtree(parent)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_on_another_users_hotline_prints_one_line(site: Path, command: list[str]) -> None:
    result = as_somebody(*command, "--home", str(site))
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        result.stderr == f"the hotline in {site}/var belongs to another user; run the command as that user or as root\n"
    )


def test_commands_without_state_work_for_every_user(site: Path) -> None:
    assert "no problem" in as_somebody("check", "--home", str(site)).stdout
    assert "12333" in as_somebody("route", "12333", "--home", str(site)).stdout
