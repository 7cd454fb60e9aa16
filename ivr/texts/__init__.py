"""Text for admins in English (in the code) and Chinese (``locale/zh_CN``).

Write ``_("seat {seat} is not signed in").format(seat=seat)``: the English text is the key. A test
extracts every text and fails when the Chinese catalogue misses one.
"""

import gettext
import os
import re
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path

_LOCALE = Path(__file__).parent / "locale"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # in the order of GNU gettext
_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,40}")  # a name with a slash would name another folder

_own = gettext.translation("ivr", _LOCALE, fallback=True)
_clients: ContextVar[gettext.NullTranslations | None] = ContextVar("catalogue of the client", default=None)
_names: ContextVar[tuple[str, ...]] = ContextVar("languages of the client", default=())


def _(english: str) -> str:
    """Return ``english`` in the language of the environment, or of the client if `speak` was called in this task."""
    return (_clients.get() or _own).gettext(english)


def translate_libraries() -> None:
    """Let libraries that use gettext's own domain, which is click, find their texts in this catalogue, too."""
    gettext.bindtextdomain("ivr", _LOCALE)
    gettext.textdomain("ivr")


def languages() -> tuple[str, ...]:
    """Return the languages that the environment asks for, the preferred one first; () if it names none."""
    for variable in _VARIABLES:
        if value := os.environ.get(variable):
            return tuple(value.split(":"))
    return ()


def speak(locales: Sequence[str]) -> None:
    """Use the first of these languages that has a catalogue, for the rest of this task or thread; else English.

    Args:
        locales: locale names such as "zh_CN.UTF-8", as `languages` returns them. Invalid names are ignored.
    """
    names = [name for name in locales if _NAME.fullmatch(name)]
    _names.set(tuple(names))
    _clients.set(gettext.translation("ivr", _LOCALE, names or ["C"], fallback=True))


def client_languages() -> tuple[str, ...]:
    """Return the languages for which `speak` was called in this task, for another process that answers the client."""
    return _names.get()
