"""Reads the spellings of carriers: one line arrives as 2912345, 07352912345, 867352912345 or +86 735 291-2345.

The input is hostile. The output holds only digits, and a leading plus if it is a caller's number.
"""

import re
from collections.abc import Container, Iterator

from ivr.registry.model import City

_LONGEST_TEXT = 64
"""Characters looked at at most; E.164 with every visual separator needs fewer than 40."""

_LONGEST_NUMBER = 20
"""Digits: E.164 has at most 15; an access code may stand before them."""

_LONGEST_LOCAL = 8
"""Digits of a local number in China: 7 or 8. A longer number begins with a code."""

_PLAIN = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    | dict.fromkeys(" \u00a0\u3000.()[]-\u2010\u2011\u2012\u2013\u2014\u2212" + "\uff08\uff09\uff0d\uff0e", "")
)
_NUMBER = re.compile(rf"\+?[0-9]{{1,{_LONGEST_NUMBER}}}")


def caller_id(text: str) -> str:
    """Return a caller's number as digits, a leading plus kept.

    Returns:
        "" if the number is withheld ("anonymous"), longer than 20 digits, or no number.
    """
    if len(text) > _LONGEST_TEXT:
        return ""
    plain = text.translate(_PLAIN)
    return plain if _NUMBER.fullmatch(plain) else ""


def registered_form(city: City, registered_numbers: Container[str], dialled: str) -> str:
    """Return the number that was dialled as the registry writes it.

    Args:
        city: whose country and area code a carrier may put before a number.
        registered_numbers: the registry's numbers.
        dialled: the text that the carrier delivers, without SIP scheme, host and parameters.

    Returns:
        The first reading that is in the registry; if no reading is, the surest reading ("07357654321" → "7654321");
        "" if ``dialled`` is not a number.
    """
    number = caller_id(dialled)
    if not number:
        return ""
    readings = [reading for reading in _readings(city, number) if reading]
    return next((reading for reading in readings if reading in registered_numbers), readings[0])


def _readings(city: City, number: str) -> Iterator[str]:
    """Yield the numbers that ``number`` may mean, the surest reading first."""
    digits = number.removeprefix("+")
    for prefix in ("+" + city.country_code, "00" + city.country_code):
        if number.startswith(prefix):
            # A plus marks the country code, so that +8612345 is 12345 and never the local number 8612345.
            yield from _without_area(city, number.removeprefix(prefix), marked=True)
            yield digits
            return
    if len(digits) > _LONGEST_LOCAL and digits.startswith(city.country_code):
        yield from _without_area(city, digits.removeprefix(city.country_code), marked=True)
    yield from _without_area(city, digits, marked=False)


def _without_area(city: City, national: str, *, marked: bool) -> Iterator[str]:
    """Yield the readings of a number without country code; ``marked``: a country code was before it."""
    trunk_zero, bare = city.area_code, city.area_code.removeprefix("0")
    if national.startswith(trunk_zero):
        yield national.removeprefix(trunk_zero)
    elif national.startswith(bare) and (marked or len(national) > _LONGEST_LOCAL):
        yield national.removeprefix(bare)
    yield national
    if not marked and national.startswith(bare):
        yield national.removeprefix(bare)  # 73512345: too short to be sure, so only if 12345 is registered
