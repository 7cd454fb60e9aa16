"""`ivr doctor` runs in a process of its own: its findings come back, and a doctor that fails or hangs is one line."""

import os
import sys
from pathlib import Path

import pytest

from ivr.runtime.doctor_process import DoctorFailure, doctor_findings
from ivr.runtime.layout import Home


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place of a script that runs instead of ``ivr``."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    return tmp_path / "ivr"


def write_script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


async def test_the_findings_come_back_in_the_language_of_the_person_who_asks(program: Path, tmp_path: Path) -> None:
    write_script(program, """printf '[{"text": "%s %s %s"}]' "$LANGUAGE" "$LANG" "$*" """)
    findings = await doctor_findings(Home(tmp_path / "var"), "zh_CN.UTF-8", 9, "--here")
    assert findings == [{"text": f"zh_CN.UTF-8 zh_CN.UTF-8 doctor --json --here --home {tmp_path / 'var'}"}]


async def test_a_doctor_that_prints_no_findings_is_one_line_with_the_remedy(program: Path, tmp_path: Path) -> None:
    write_script(program, "echo Traceback")
    with pytest.raises(DoctorFailure, match=r"^the doctor failed: run 'ivr doctor' on the machine$"):
        await doctor_findings(Home(tmp_path / "var"), "C", 9)


async def test_a_doctor_that_hangs_is_ended_and_reported(program: Path, tmp_path: Path) -> None:
    write_script(program, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    with pytest.raises(DoctorFailure, match="did not end in time"):
        await doctor_findings(Home(tmp_path / "var"), "C", 0.5)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
