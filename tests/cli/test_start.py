"""Commands that an admin uses often start within a quarter of a second, because they load no needless library.

Time depends on the machine, so the tests look for the libraries that take the time. `make bench`
measures the start.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from ivr.cli.main import COMMANDS, module
from testkit.hotline.running import ROOT

ROOMS = ("ivr", "agi_scripts", "testkit", "tests", "trials")
SLOW = {"alembic", "asyncio", "jinja2", "numpy", "panoramisk", "pypinyin", "rich.console", "sqlalchemy"}


@pytest.mark.parametrize("command", ["status", "check", "calls", "orders", "seats", "callbacks"])
def test_a_command_loads_no_library_that_it_does_not_need(command: str) -> None:
    assert loaded(f"from ivr.cli.main import main; from ivr.lazy import loaded; loaded('ivr.cli.{command}')") == set()


def test_a_whole_check_loads_no_library_that_it_does_not_need(tmp_path: Path) -> None:
    """This is a second check, because the first finds the lines that sound alike and keeps them in the cache."""
    check = f"from ivr.cli.main import main; main(['check', {str(ROOT / 'numbers.yaml')!r}], standalone_mode=False)"
    environment = {"XDG_CACHE_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    loaded(check, **environment)
    assert loaded(check, **environment) == set()


def loaded(program: str, **environment: str) -> set[str]:
    """Return the slow libraries that a program has loaded when it ends."""
    program = f"import sys\n{program}\nprint('loaded:', *sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment or None
    )
    return set(result.stdout.rpartition("loaded:")[2].split()) & SLOW


def test_reading_the_call_database_loads_no_registry_and_no_configuration() -> None:
    """`ivr calls` without a running hotline: SQLAlchemy alone takes most of the quarter of a second."""
    program = "import sys, ivr.cli.calls, ivr.cli.call_database; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    slow = {"ivr.asterisk.config.render", "ivr.call_events.vocabulary", "ivr.registry.model", "jinja2", "yaml"}
    assert set(result.stdout.split()) & slow == set()


def test_every_command_can_be_loaded() -> None:
    files = {f"ivr.cli.{path.stem}" for path in (ROOT / "ivr" / "cli").glob("*.py")}
    assert {module(command) for command in COMMANDS} < files


def test_the_list_of_commands_loads_none_of_them() -> None:
    program = "import sys; from ivr.cli.main import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "ivr.cli.staffing" not in result.stdout.split() and "staffing" in result.stdout


def test_an_import_inside_a_function_is_of_an_extra_and_has_a_comment() -> None:
    """`ivr.lazy` is the place for slow imports; only a package of an extra, which may be missing, is imported late."""
    misplaced = []
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path != Path(__file__)):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            near = lines[max(0, number - 2) : number + 3]
            if "PLC0415" in line and not any("PLC0415" in neighbour and "extra" in neighbour for neighbour in near):
                misplaced.append(f"{path.relative_to(ROOT)}:{number + 1}")
    assert misplaced == []
