"""Quotes values in messages, and suggests the value that the admin may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from ivr.texts import _

_LONGEST = 40
_FEW = 8


def shown(text: str, longest: int = _LONGEST) -> str:
    """Quote a value from the file: short, and without characters that a terminal would act on."""
    return repr(text if len(text) <= longest else text[:longest] + "…")


def with_nearest(message: str, value: str, choices: Iterable[str]) -> str:
    """Add the nearest valid value to ``message``; if no value is near, add all valid values if they are few."""
    choices = [str(choice) for choice in choices]
    similar = get_close_matches(value[:_LONGEST], choices, n=len(choices) or 1)
    if similar:
        # Prefer, of equally near numbers, a number of the same digits: two swapped digits are the commonest slip.
        nearest = next((choice for choice in similar if sorted(choice) == sorted(value)), similar[0])
        return message + _("; did you mean {near}?").format(near=shown(nearest))
    if 0 < len(choices) <= _FEW:
        return message + _("; it can be {choices}").format(choices=", ".join(choices))
    return message
