"""Call events as CEL user events, and back.

A call script runs ``CELGenUserEvent(NAME,extra)`` with the two texts that `encode` returns. The importer passes the
same two texts, read from Asterisk's CEL file, to `decode`. The file outlives the script and the engine.
"""

import re
from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, get_args
from urllib.parse import quote_plus, unquote_plus

from ivr.call_events.vocabulary import CallEvent

_TYPES: dict[str, type[CallEvent]] = {event_type.NAME: event_type for event_type in get_args(CallEvent)}
_MOST_FIELDS = 16
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")  # text that quote_plus does not change


def is_call_event(name: str) -> bool:
    """Return whether a CEL user event of this name carries a call event."""
    return name in _TYPES


def encode(event: CallEvent) -> tuple[str, str]:
    """Return the name and the extra text of the CEL user event that carries ``event``.

    The extra text holds only ``[A-Za-z0-9_.~%=&+-]``, because Asterisk's argument parser treats commas, quotes and
    semicolons as its own.
    """
    names = [name for name, _from_text in _FIELDS[event.NAME]]
    return event.NAME, "&".join(f"{name}={_quoted(_to_text(getattr(event, name)))}" for name in names)


@lru_cache(maxsize=2000)  # because the importer decodes a line again at each rebuild of the call's record
def decode(name: str, extra: str) -> CallEvent | None:
    """Return the call event that a CEL user event carries, or None if it carries no complete, valid call event."""
    event_type = _TYPES.get(name)
    if event_type is None:
        return None
    pairs = [pair.partition("=") for pair in extra.split("&", _MOST_FIELDS)]
    try:
        texts = {field: _unquoted(text) for field, _sign, text in pairs}
        return event_type(*[from_text(texts[field]) for field, from_text in _FIELDS[name]])
    except (KeyError, ValueError):
        return None


def _to_text(value: object) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote_plus(text)


def _unquoted(text: str) -> str:
    """Return the text that was quoted.

    Raises:
        ValueError: No database stores the text.
    """
    if "%" in text or "+" in text:
        text = unquote_plus(text)
    if not text.isascii():
        text.encode()  # UnicodeEncodeError for a lone surrogate
    if "\0" in text:
        raise ValueError("no database stores a NUL character")
    return text


def _truth(text: str) -> bool:
    return {"1": True, "0": False}[text]


def _natural_number(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise ValueError("the number does not fit a database column")
    return number


def _probability(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError("the number is not between 0 and 1")
    return number


def _texts(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _member_of(enumeration: Any) -> Callable[[str], Any]:  # noqa: ANN401 - a type
    members: dict[str, StrEnum] = {str(member): member for member in enumeration}
    return members.__getitem__


_FROM_TEXT: dict[object, Callable[[str], Any]] = {
    str: str,
    bool: _truth,
    int: _natural_number,
    float: _probability,
    tuple[str, ...]: _texts,
}
_FIELDS: dict[str, list[tuple[str, Callable[[str], Any]]]] = {
    name: [(field.name, _FROM_TEXT.get(field.type) or _member_of(field.type)) for field in fields(event_type)]
    for name, event_type in _TYPES.items()
}
"""The fields of each type, each with the function that makes its value from a text."""
