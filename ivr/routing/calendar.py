"""Opening hours: is an expert seat or a center staffed at this moment?"""

from collections.abc import Set
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from ivr.registry.model import Hours

CITY_TIME = ZoneInfo("Asia/Shanghai")
"""The one time zone of China; dates and hours of a registry are meant in it."""


def city_time(at: datetime) -> datetime:
    """Return ``at`` on the city's clock. A time without a zone is taken to be the city's already."""
    return at.replace(tzinfo=CITY_TIME) if at.tzinfo is None else at.astimezone(CITY_TIME)


def is_open(hours: Hours | None, holidays: Set[date], at: datetime) -> bool:
    """Tell whether somebody is there at ``at``.

    Args:
        hours: the weekly hours; None means 7×24, holidays included (the promise of 二(一)1).
        holidays: days on which every line with hours is closed.
        at: the moment, in any zone.

    Returns:
        True from the first minute of a span up to, but not including, its end. A span that ends at
        24:00 (`time.max` in the registry) lasts until midnight.
    """
    if hours is None:
        return True
    local = city_time(at)
    if local.date() in holidays:
        return False
    now = local.time()
    spans = hours.spans.get(local.weekday(), ())
    return any(start <= now and (now < end or end == time.max) for start, end in spans)
