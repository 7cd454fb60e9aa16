"""Commands that an admin gives often start within a quarter of a second: they load nothing that they do not need.

Time depends on what else the machine does, so the test looks for the libraries that take the time.
"""

import subprocess
import sys

import pytest

SLOW = {"alembic", "asyncio", "jinja2", "numpy", "panoramisk", "rich.console", "sqlalchemy"}


@pytest.mark.parametrize("command", ["status", "check", "calls", "orders", "seats", "callbacks"])
def test_a_command_loads_no_library_that_it_does_not_need(command: str) -> None:
    program = f"import sys; from ivr.cli.main import main; from ivr.cli.lazy import loaded; loaded('ivr.cli.{command}')"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) & SLOW == set()


def test_reading_the_call_database_loads_no_registry_and_no_configuration() -> None:
    """`ivr calls` without a running hotline: SQLAlchemy alone takes most of the quarter of a second."""
    program = "import sys, ivr.cli.calls, ivr.cli.call_database; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"ivr.asterisk.config.render", "ivr.registry.model", "jinja2", "yaml"} == set()
