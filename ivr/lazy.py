"""The one place that loads modules late, because each command has to start within a quarter of a second.

`loaded` loads a module of this project when a command needs it. `late` stands for a module whose import takes long,
such as a library that one function of several uses: it is imported when a name of it is first used.

Only a package of an extra, which may be missing, is imported inside a function; `tests/cli/test_start.py` lists these.
"""

import gc
import importlib
from typing import Any


def loaded(module: str) -> Any:  # noqa: ANN401 - a module
    """Load a module by its whole name.

    The garbage collector does not run meanwhile, and spares the loaded objects, because classes and functions are no
    garbage, and looking at all of them again and again takes a tenth of a large import.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def late(module: str) -> Any:  # noqa: ANN401 - it stands for a module
    """Return a stand-in for a module: the first use of one of its names imports it.

    Raises:
        ImportError: at that use, the module is missing.
    """
    return _LateModule(module)


class _LateModule:
    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(importlib.import_module(self._module), name)
