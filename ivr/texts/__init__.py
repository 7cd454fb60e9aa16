"""Admin-facing text in English (in the code) and Chinese (``locale/zh_CN``); ``LANG`` chooses.

Write ``_("seat {seat} is not signed in").format(seat=seat)``: the English text is the key. A test
extracts every text and fails when the Chinese catalogue misses one.
"""

import gettext
from pathlib import Path

_catalogue = gettext.translation("ivr", Path(__file__).parent / "locale", fallback=True)


def _(english: str) -> str:
    """Return ``english`` in the language that ``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` asks for."""
    return _catalogue.gettext(english)
