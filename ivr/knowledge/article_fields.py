"""The fields of acts on articles, each with its check. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ivr.field_checks import FieldRefused, checked_value, pattern, text, texts, whole
from ivr.texts import _

ArticleValue = str | int | tuple[str, ...]
LONGEST_SHORT = 300  # characters of the spoken answer: a minute of speech
LONGEST_LONG = 5000
_DATED = re.compile(r"(19|20)[0-9]{2}")


def _source(source: str) -> str:
    if not _DATED.search(source):
        raise FieldRefused(_("{source}: a source has its date, at least the year").format(source=source[:40]))
    return source


def _day(value: Any) -> str:  # noqa: ANN401
    if value == "":
        return ""
    try:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise FieldRefused(_("{value} is no day: 2026-12-31").format(value=repr(value)[:40])) from None


_CHECKS: Mapping[str, Callable[[Any], ArticleValue]] = {
    "title": text(100),
    "questions": texts(20, 100),
    "short": text(LONGEST_SHORT, may_be_empty=True),
    "long": text(LONGEST_LONG, keeps="\n", may_be_empty=True),
    "sources": texts(10, 200, _source),
    "unit": text(40),
    "line": pattern(r"([0-9]{3,12})?"),
    "valid_from": _day,
    "valid_until": _day,
    "text": text(1000, keeps="\n"),
    "reason": text(1000),
    "call_id": pattern(r"[\w.:+-]{1,80}"),
    "report": whole(0, 999_999),
    "stage": pattern(r"[a-z]+:[0-9-]{10}"),
}
ARTICLE_FIELDS = tuple(_CHECKS)
"""The names of all fields."""


def checked_article_field(name: str, value: Any) -> ArticleValue:  # noqa: ANN401 - any JSON value may come
    """Return the value of a field.

    Raises:
        FieldRefused: there is no such field, or its check refuses the value.
    """
    return checked_value(_CHECKS, name, value)


def is_article_name(name: str) -> bool:
    """Tell whether a text is the name of an article, as ``12333-overtime`` is."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{1,59}", name, re.ASCII) is not None
