"""The busiest hour."""

from collections import Counter
from datetime import datetime

from ivr.reports.indicator import Calls, Unit, indicator
from ivr.routing.calendar import city_time
from ivr.texts import _


@indicator(
    _("busiest hour"),
    _("The hour by the clock of one day in which most calls came in; of equal hours, the first."),
    Unit.HOUR,
)
def busiest_hour(calls: Calls) -> datetime | None:
    """忙时."""
    hours = _by_hour(calls)
    return min(hours, key=lambda hour: (-hours[hour], hour), default=None)


@indicator(_("calls in it"), _("Calls offered in the busiest hour."), Unit.PEAK)
def busiest_hour_offered(calls: Calls) -> int:
    """忙时呼入量."""
    return max(_by_hour(calls).values(), default=0)


def _by_hour(calls: Calls) -> Counter[datetime]:
    return Counter(city_time(call.started_at).replace(minute=0, second=0, microsecond=0) for call in calls)


INDICATORS = (busiest_hour, busiest_hour_offered)
