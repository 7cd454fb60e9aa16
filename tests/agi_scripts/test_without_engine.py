"""A call script in a process of its own starts in no time, so it must not load what it does not need."""

import subprocess
import sys

import pytest

HEAVY = ("alembic", "jinja2", "numpy", "panoramisk", "prometheus_client", "pypinyin", "sqlalchemy", "yaml")


@pytest.mark.parametrize("module", ["ivr.engine.alone"])
def test_what_it_loads(module: str) -> None:
    program = f"import {module}, sys; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
