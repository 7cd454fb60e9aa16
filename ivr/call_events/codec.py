"""Call events as CEL user events, and back.

A call script runs ``CELGenUserEvent(NAME,extra)`` with the two texts that `encode` returns. The importer passes the
same two texts, read from Asterisk's CEL file, to `decode`. The file outlives the script and the engine.
"""

from dataclasses import fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from ivr.call_events.vocabulary import CallEvent

_TYPES: dict[str, type[CallEvent]] = {event_type.NAME: event_type for event_type in get_args(CallEvent)}


def is_call_event(name: str) -> bool:
    """Return whether a CEL user event of this name carries a call event."""
    return name in _TYPES


def encode(event: CallEvent) -> tuple[str, str]:
    """Return the name and the extra text of the CEL user event that carries ``event``.

    The extra text holds only ``[A-Za-z0-9_.~%=&+-]``, because Asterisk's argument parser treats commas, quotes and
    semicolons as its own.
    """
    return event.NAME, urlencode({field.name: _to_text(getattr(event, field.name)) for field in fields(event)})


@lru_cache(maxsize=2000)  # the importer decodes each line, and again each time that the call's record is rebuilt
def decode(name: str, extra: str) -> CallEvent | None:
    """Return the call event that a CEL user event carries, or None if it carries no complete, valid call event."""
    event_type = _TYPES.get(name)
    if event_type is None:
        return None
    try:
        texts = dict(parse_qsl(extra, keep_blank_values=True, strict_parsing=True, max_num_fields=16))
        return event_type(**{field.name: _from_text(field.type, texts[field.name]) for field in fields(event_type)})
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


def _from_text(field_type: object, text: str) -> Any:  # noqa: ANN401 - the dataclass field says which type it is
    """Return ``text`` as a value of ``field_type``.

    Raises:
        ValueError: ``text`` is no such value, or no database can store it.
        KeyError: ``text`` is not a bool.
    """
    text.encode()  # ValueError for a lone surrogate, because no database stores it
    if "\0" in text:
        raise ValueError("no database stores a NUL character")
    if field_type is bool:
        return {"1": True, "0": False}[text]
    if field_type is int:
        return _natural_number(text)
    if field_type is float:
        return _probability(text)
    if field_type == tuple[str, ...]:
        return tuple(text.split(",")) if text else ()
    if isinstance(field_type, type) and issubclass(field_type, StrEnum):
        return field_type(text)
    return text


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
