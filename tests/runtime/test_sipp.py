"""The bench's SIPp is the machine's own, or fetched."""

from pathlib import Path

import pytest

from ivr.runtime.errors import RuntimeMissing
from testkit.provision.packaged_programs import SIPP


def program(folder: Path, says: str) -> Path:
    folder.mkdir(parents=True)
    path = folder / "sipp"
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}/native:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_the_machines_own_sipp_is_used(tmp_path: Path) -> None:
    program(tmp_path / "hotline-12345/sipp/bin", " SIPp v3.6.1")
    native = program(tmp_path / "native", " SIPp v3.7.3")
    assert SIPP.program() == native


def test_without_sipp_the_error_names_the_command_that_fetches_it() -> None:
    with pytest.raises(RuntimeMissing, match=r"run '.*python -m testkit.provision --bench'"):
        SIPP.program()


def test_a_fetched_sipp_that_does_not_run_is_refused(tmp_path: Path) -> None:
    program(tmp_path / "hotline-12345/sipp/bin", "libpcap.so.0.8 is missing")
    with pytest.raises(RuntimeMissing, match="does not run: libpcap"):
        SIPP.program()
