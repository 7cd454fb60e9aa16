"""Rules for the spellings of a number by carriers, for calls in and calls out. Pure.

A rule is written as Asterisk writes patterns, because the dialplan applies the same rules without a script: X is any
digit, [2-9] one of these, a final "." one sign or more.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ivr.registry.model import City
from ivr.registry.trunk_model import NumberForm

_LOCAL = ("[2-9]XXXXXX", "[2-9]XXXXXXX")  # subscribers of a city, in cities of seven digits and of eight
_MOBILE = "1[3-9]XXXXXXXXX"
_SERVICE = ("400XXXXXXX", "800XXXXXXX")  # dialled in this form in the whole country
_NATIONAL = tuple("[1-9]" + "X" * more for more in (8, 9, 10))  # area code without its zero, and subscriber
_SHORT = tuple("X" * length for length in range(3, 9))


@dataclass(frozen=True, slots=True)
class NumberRule:
    """A rule for numbers of a pattern: the count of leading signs to remove, and the signs to add."""

    pattern: str
    strip: int
    add: str

    def matches(self, number: str) -> bool:
        """Tell whether the rule is for this number."""
        signs = self.pattern.replace("+", r"\+")
        expression = signs.removesuffix(".").replace("X", "[0-9]") + (".+" if signs.endswith(".") else "")
        return re.fullmatch(expression, number) is not None


def rewritten(rules: Iterable[NumberRule], number: str) -> str:
    """Return ``number`` after the first matching rule; unchanged if no rule matches."""
    for rule in rules:
        if rule.matches(number):
            return rule.add + number[rule.strip :]
    return number


def caller_rules(city: City) -> tuple[NumberRule, ...]:
    """Return the rules that write a caller's number as people of the city dial it, the most specific first.

    +86 735 2912345 and 07352912345 become 2912345; +8613900001111 and 013900001111 become 13900001111; a subscriber of
    another city has the area code with its zero; of another country, a plus and the country code.
    """
    area, country = city.area_code.removeprefix("0"), city.country_code
    rules = []
    for code in ("+" + country, "00" + country):
        rules += _of_country(code, area)
    rules += [NumberRule(country + area + local, len(country + area), "") for local in _LOCAL]
    rules += [NumberRule(country + _MOBILE, len(country), "")]
    rules += [NumberRule(country + national, len(country), "0") for national in _NATIONAL[1:]]
    rules += [NumberRule(zero + area + local, len(zero + area), "") for zero in ("0", "") for local in _LOCAL]
    rules += [NumberRule(f"0{_MOBILE}", 1, "")]
    rules += [NumberRule("00[1-9]X.", 2, "+")]
    return tuple(rules)


def _of_country(code: str, area: str) -> list[NumberRule]:
    """Return the rules for the digits after a marked country code."""
    length = len(code)
    return [
        *(
            NumberRule(code + zero + area + local, length + len(zero + area), "")
            for zero in ("", "0")
            for local in _LOCAL
        ),
        NumberRule(code + _MOBILE, length, ""),
        NumberRule(f"{code}0{_MOBILE}", length + 1, ""),
        *(NumberRule(code + service, length, "") for service in _SERVICE),
        *(NumberRule(f"{code}0{national}", length, "") for national in _NATIONAL),
        *(NumberRule(code + national, length, "0") for national in _NATIONAL),
        *(NumberRule(code + short_number, length, "") for short_number in _SHORT),
    ]


def caller_number(city: City, number: str) -> str:
    """Return a caller's number, digits and plus, as people of the city dial it."""
    return rewritten(caller_rules(city), number)


def outgoing_rules(city: City, form: NumberForm) -> tuple[NumberRule, ...]:
    """Return the rules that write a number for a carrier. Short codes (110, 12366) do not change."""
    area = city.area_code.removeprefix("0")
    match form:
        case NumberForm.AS_IS:
            return ()
        case NumberForm.NATIONAL:
            return tuple(NumberRule(local, 0, city.area_code) for local in _LOCAL)
        case NumberForm.E164:
            plus = "+" + city.country_code
            return (
                *(NumberRule(local, 0, plus + area) for local in _LOCAL),
                NumberRule(_MOBILE, 0, plus),
                *(NumberRule(f"0{national}", 1, plus) for national in _NATIONAL),
            )
