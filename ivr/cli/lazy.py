"""Modules that a command loads when it needs them: each command has to start within a quarter of a second.

This is the one place where the commands load anything late. `ivr.cli.main` loads a command by its name. If no hotline
answers, `ivr.cli.records` loads the call database, whose library SQLAlchemy takes longer than all else together.
`ivr.cli.kept_warnings` loads the sounds of words if a name or a phrase has changed. `ivr.cli.up` loads the supervisor
after it gave up root's rights, so that root loads it not once for nothing.
"""

import importlib
from typing import Any


def loaded(module: str) -> Any:  # noqa: ANN401 - a module
    """Load a module by its whole name."""
    return importlib.import_module(module)
