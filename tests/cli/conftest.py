"""A site whose hotline took the recorded calls and has stopped."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.main import main
from ivr.runtime.layout import Home
from testkit.hotline.made_facts import made_facts
from testkit.hotline.running import ROOT
from tests.reports.imported_day import imported


@pytest.fixture(scope="session")
def recorded_calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a call database with the calls of tests/records/logs: 19 calls in the night of 2026-11-23."""
    folder = tmp_path_factory.mktemp("recorded")
    with imported(folder):
        pass
    return folder / "calls.sqlite3"


@pytest.fixture
def recorded_home(recorded_calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a home with a copy of the call database."""
    monkeypatch.delenv("HOTLINE_DATABASE", raising=False)
    home = Home(tmp_path / "var")
    home.create()
    (home.registry / "applied.yaml").write_bytes((ROOT / "numbers.yaml").read_bytes())
    made_facts(database=f"sqlite:///{home.call_database}").write(home.hotline)
    shutil.copyfile(recorded_calls, home.call_database)
    return home


@pytest.fixture
def ivr(recorded_home: Home) -> Callable[..., Result]:
    """Run an ``ivr`` command on this site."""
    return lambda *words: CliRunner().invoke(main, [*words, "--home", str(recorded_home.root)])
