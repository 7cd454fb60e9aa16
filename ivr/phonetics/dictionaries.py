"""The dictionaries of Chinese: `pypinyin` has the readings of characters, `rjieba` has the words.

Each package is loaded when it is first used, because the two take half a second of a core, and most processes need
neither of them.
"""

import importlib
from types import ModuleType

_PACKAGES = ("pypinyin", "rjieba")


def __getattr__(name: str) -> ModuleType:
    """Load a package (PEP 562); several threads may ask for it at once."""
    if name not in _PACKAGES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(name)
    globals()[name] = module
    return module
