"""Checks of the fields of an act: each returns the checked value, or says why the value cannot be taken. Pure.

The values come from browsers, programs, files and citizens, so that each value is checked.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ivr.texts import _

Value = TypeVar("Value")


class FieldRefused(ValueError):
    """The value cannot be taken; the message gives the reason, for people."""


def text(longest: int, *, keeps: str = "", may_be_empty: bool = False) -> Callable[[Any], str]:
    """Return the check of a text.

    Args:
        longest: characters at most.
        keeps: the control characters that stay, such as a line feed; all others are removed.
        may_be_empty: whether "" is a value.
    """

    def check(value: Any) -> str:  # noqa: ANN401 - any JSON value may come
        if not isinstance(value, str):
            raise FieldRefused(_("is no text"))
        printable = "".join(sign for sign in value.replace("\r\n", "\n") if sign.isprintable() or sign in keeps)
        stripped = "\n".join(line.rstrip() for line in printable.strip().split("\n"))
        if not stripped and not may_be_empty:
            raise FieldRefused(_("is empty"))
        if len(stripped) > longest:
            message = _("is too long: {count} characters, {longest} at most")
            raise FieldRefused(message.format(count=len(stripped), longest=longest))
        return stripped

    return check


def texts(most: int, longest: int, check: Callable[[str], str] = str) -> Callable[[Any], tuple[str, ...]]:
    """Return the check of a list of texts, of which equal ones become one.

    Args:
        most: texts at most.
        longest: characters of each text at most.
        check: a further check of each text.
    """
    of_text = text(longest)

    def check_all(value: Any) -> tuple[str, ...]:  # noqa: ANN401
        if not isinstance(value, list | tuple) or len(value) > most:
            raise FieldRefused(_("must be a list of {most} at most").format(most=most))
        return tuple(dict.fromkeys(check(of_text(element)) for element in value))

    return check_all


def pattern(wanted: str) -> Callable[[Any], str]:
    """Return the check of a text that a regular expression of ASCII matches as a whole."""

    def check(value: Any) -> str:  # noqa: ANN401
        if not isinstance(value, str) or not re.fullmatch(wanted, value, re.ASCII):
            raise FieldRefused(_("{value} is not allowed").format(value=repr(value)[:60]))
        return value

    return check


def whole(low: int, high: int) -> Callable[[Any], int]:
    """Return the check of a whole number from ``low`` to ``high``; it may come as a text."""

    def check(value: Any) -> int:  # noqa: ANN401
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value), re.ASCII):
            raise FieldRefused(_("is no whole number"))
        if not low <= int(value) <= high:
            raise FieldRefused(_("must be {low} to {high}").format(low=low, high=high))
        return int(value)

    return check


def checked_value(checks: Mapping[str, Callable[[Any], Value]], name: str, value: Any) -> Value:  # noqa: ANN401
    """Return the value of the field ``name`` after its check.

    Raises:
        FieldRefused: there is no such field, or its check refuses the value.
    """
    if name not in checks:
        raise FieldRefused(_("there is no such field"))
    return checks[name](value)
