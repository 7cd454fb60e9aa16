"""Opening hours: is an expert seat or a center staffed at this moment?"""

from contextlib import suppress
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # so that a command that needs only the city's time does not load the registry
    from ivr.registry.model import Hours, Registry

CITY_TIME = ZoneInfo("Asia/Shanghai")
"""The time zone of China; dates and hours of a registry are in this time zone."""


def city_time(at: datetime) -> datetime:
    """Return ``at`` on the city's clock. A time without a zone counts as the city's time."""
    return at.replace(tzinfo=CITY_TIME) if at.tzinfo is None else at.astimezone(CITY_TIME)


def moment(text: str, now: datetime) -> datetime:
    """Read a moment on the city's clock: ISO 8601, or HH:MM for the day of ``now``.

    Raises:
        ValueError: the text is neither.
    """
    with suppress(ValueError, OverflowError):
        return city_time(datetime.fromisoformat(text))
    return datetime.combine(now, time.fromisoformat(text), CITY_TIME)


def is_open(hours: "Hours | None", registry: "Registry", at: datetime) -> bool:
    """Tell whether an expert seat or a center is staffed at ``at``.

    Args:
        hours: the weekly hours; None means 7×24, holidays included (the promise of 二(一)1).
        registry: its `holidays` and its `workdays`, which have the hours of another day of the week.
        at: the time, in any time zone.

    Returns:
        True from the first minute of a span up to, but not including, its end. A span that ends at
        24:00 (`time.max` in the registry) lasts until midnight.
    """
    if hours is None:
        return True
    local = city_time(at)
    if local.date() in registry.holidays:
        return False
    now = local.time()
    spans = hours.spans.get(registry.workdays.get(local.date(), local.weekday()), ())
    return any(start <= now and (now < end or end == time.max) for start, end in spans)
