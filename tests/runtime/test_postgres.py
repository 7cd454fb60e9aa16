"""The tests' PostgreSQL is 15 or newer, installed or fetched."""

from pathlib import Path

import pytest

from ivr.runtime.errors import RuntimeMissing
from testkit.provision import postgres


def programs(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres", "psql"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(postgres, "_INSTALLED", tmp_path / "installed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "installed"


def test_the_newest_installed_postgresql_is_taken(installed: Path) -> None:
    for major in ("9", "15", "17"):
        programs(installed / major / "bin", major)
    assert postgres.server_programs() == installed / "17/bin"


def test_an_old_or_incomplete_postgresql_is_passed_over(installed: Path, tmp_path: Path) -> None:
    programs(installed / "13/bin", "13")
    (programs(installed / "16/bin", "16") / "initdb").unlink()
    fetched = programs(tmp_path / "hotline-12345/postgresql/bin", "15.20 (Debian 15.20-0+deb12u1)")
    assert postgres.server_programs() == fetched


def test_without_postgresql_the_developer_is_told_how_to_get_it(installed: Path) -> None:
    with pytest.raises(
        RuntimeMissing, match=r"PostgreSQL 15 or newer here; run '.*python -m testkit.provision --tests'"
    ):
        postgres.server_programs()


def test_a_fetched_postgresql_that_does_not_run_is_refused(installed: Path, tmp_path: Path) -> None:
    programs(tmp_path / "hotline-12345/postgresql/bin", "14.2")
    with pytest.raises(RuntimeMissing, match=r"not fit \(postgres \(PostgreSQL\) 14\.2\)"):
        postgres.server_programs()
