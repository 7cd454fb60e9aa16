"""The rule of callbacks (漏接电话回拨): numbers and hours. It prevents toll fraud by callers with false numbers."""

import re
from datetime import datetime, time

from ivr.registry.model import Registry
from ivr.routing.calendar import city_time
from ivr.routing.spelling import caller_id


def number_to_ring(registry: Registry, caller: str) -> str:
    """Return the number to dial through the carrier to call a caller back.

    Returns:
        Digits, without country code; "" if the number is withheld, missing, foreign, premium, the hotline's own, or
        matches no pattern of the registry.
    """
    number = caller_id(caller)
    country = registry.city.country_code
    for prefix in ("+" + country, "00" + country):
        number = number.removeprefix(prefix)
    if len(number) > 11 or (len(number) > 8 and _allowed(registry, number.removeprefix(country))):
        number = number.removeprefix(country)
    own_numbers = {line.number for line in registry.lines} | set(registry.linkage) | set(registry.seats)
    return number if _allowed(registry, number) and number not in own_numbers else ""


def may_ring_now(registry: Registry, moment: datetime) -> bool:
    """Tell whether the hotline may call citizens at ``moment``, a time of any zone."""
    begin, end = registry.callbacks.hours
    now = city_time(moment).time()
    return begin <= now and (now < end or end == time.max)


def _allowed(registry: Registry, number: str) -> bool:
    patterns = (pattern.replace("X", "[0-9]") for pattern in registry.callbacks.patterns)
    return any(re.fullmatch(pattern, number) for pattern in patterns)
