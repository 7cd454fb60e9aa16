"""The output of a command: a full disk, a terminal that knows no Chinese, a folder that is misspelled."""

import os
import subprocess
from pathlib import Path

import pytest

from testkit.hotline.running import IVR, ROOT, run_ivr

CALENDAR = ROOT / "tests/registry/calendar-2026.json"


@pytest.mark.parametrize("command", [("--help",), ("check", str(ROOT / "numbers.yaml")), ("holidays", str(CALENDAR))])
def test_output_onto_a_full_disk_is_one_line_of_advice(command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(
            [IVR, *command], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == "the output cannot be written: No space left on device"
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_a_terminal_without_chinese_gets_the_rest(encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "LANG": "zh_CN.UTF-8"}
    command = [IVR, "route", "12345", "--numbers", str(ROOT / "numbers.yaml"), "--at", "09:30"]
    result = subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment)
    assert result.returncode == 0, result.stderr
    assert b"12345" in result.stdout


@pytest.mark.parametrize("command", ["check", "diff"])
def test_a_misspelled_folder_does_not_mean_the_registry_of_the_current_folder(tmp_path: Path, command: str) -> None:
    misspelled = tmp_path / "hotlin"
    result = run_ivr(command, "--home", str(misspelled))  # the current folder is the checkout, which has a numbers.yaml
    assert result.returncode == 1
    assert result.stderr == f"there is no site in {misspelled}; 'ivr init {misspelled}' makes one\n"


def test_nothing_is_written_for_a_misspelled_folder(tmp_path: Path) -> None:
    sound = ROOT / "recordings/zh/opening.wav"
    commands = (("secret", "set", "trunk", "carrier"), ("prompts", "import", str(sound), "opening"))
    for command in commands:
        result = run_ivr(*command, "--home", str(tmp_path / "hotlin"))
        assert (result.returncode, result.stdout) == (1, "")
        assert "there is no site in" in result.stderr
    assert not list(tmp_path.iterdir())
