"""The fields of acts on articles: each turns a given value into a checked one, or says why it cannot. Pure.

A field may come from a browser, a program or a file of another city: nothing is taken on trust.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ivr.texts import _

ArticleValue = str | int | tuple[str, ...]
LONGEST_SHORT = 300  # characters of the answer to say: a minute of speech
LONGEST_LONG = 5000
_DATED = re.compile(r"(19|20)[0-9]{2}")


class ArticleFieldRefused(ValueError):
    """The value cannot be taken; the text says why, for people."""


def _text(longest: int, *, lines: bool = False, empty: bool = False) -> Callable[[Any], str]:
    def kind(value: Any) -> str:  # noqa: ANN401 - anything may come
        if not isinstance(value, str):
            raise ArticleFieldRefused(_("is no text"))
        kept = "\n" if lines else ""
        text = "".join(sign for sign in value.replace("\r\n", "\n") if sign.isprintable() or sign in kept).strip()
        if not text and not empty:
            raise ArticleFieldRefused(_("is empty"))
        if len(text) > longest:
            message = _("is too long: {count} characters, {longest} at most")
            raise ArticleFieldRefused(message.format(count=len(text), longest=longest))
        return "\n".join(line.rstrip() for line in text.split("\n"))

    return kind


def _texts(most: int, longest: int, check: Callable[[str], str] = str) -> Callable[[Any], tuple[str, ...]]:
    def kind(value: Any) -> tuple[str, ...]:  # noqa: ANN401
        if not isinstance(value, list | tuple) or len(value) > most:
            raise ArticleFieldRefused(_("must be a list of {most} at most").format(most=most))
        return tuple(dict.fromkeys(check(_text(longest)(each)) for each in value))

    return kind


def _source(text: str) -> str:
    if not _DATED.search(text):
        raise ArticleFieldRefused(_("{source}: a source has its date, at least the year").format(source=text[:40]))
    return text


def _pattern(pattern: str) -> Callable[[Any], str]:
    def kind(value: Any) -> str:  # noqa: ANN401
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise ArticleFieldRefused(_("{value} cannot be taken").format(value=repr(value)[:60]))
        return value

    return kind


def _day(value: Any) -> str:  # noqa: ANN401
    if value == "":
        return ""
    try:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ArticleFieldRefused(_("{value} is no day: 2026-12-31").format(value=repr(value)[:40])) from None


def _number(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,6}", str(value), re.ASCII):
        raise ArticleFieldRefused(_("is no whole number"))
    return int(value)


_KINDS: Mapping[str, Callable[[Any], ArticleValue]] = {
    "title": _text(100),
    "questions": _texts(20, 100),
    "short": _text(LONGEST_SHORT, empty=True),
    "long": _text(LONGEST_LONG, lines=True, empty=True),
    "sources": _texts(10, 200, _source),
    "unit": _text(40),
    "line": _pattern(r"([0-9]{3,12})?"),
    "valid_from": _day,
    "valid_until": _day,
    "text": _text(1000, lines=True),
    "reason": _text(1000),
    "call_id": _pattern(r"[\w.:+-]{1,80}"),
    "report": _number,
    "stage": _pattern(r"[a-z]+:[0-9-]{10}"),
}
ARTICLE_FIELDS = tuple(_KINDS)
"""The names of all fields."""


def checked_article_field(name: str, value: Any) -> ArticleValue:  # noqa: ANN401 - anything may come
    """Return the value of a field.

    Raises:
        ArticleFieldRefused: there is no such field, or the value is none of it.
    """
    if name not in _KINDS:
        raise ArticleFieldRefused(_("there is no such field"))
    return _KINDS[name](value)


def is_article_name(text: str) -> bool:
    """Tell whether a text can name an article: ``12333-overtime``."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{1,59}", text, re.ASCII) is not None
