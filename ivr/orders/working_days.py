"""Working days (工作日): Monday to Friday, without holidays, with the shifted working days (调休) of the calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The days that differ from the ordinary week, as the State Council names them for each year."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()  # weekend days that are working days

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day is a working day. A day in both lists is a working day."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def after(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day``, which itself does not count (民法典 §201)."""
        return _after(self, day, count)

    def between(self, first: date, last: date) -> int:
        """Return how many working days lie after ``first``, up to and with ``last``; 0 if ``last`` is not later."""
        days = max((last - first).days, 0)
        return sum(self.is_working_day(first + timedelta(days=more)) for more in range(1, days + 1))


@lru_cache(maxsize=20_000)  # a report asks for the same few hundred days many thousand times
def _after(calendar: WorkCalendar, day: date, count: int) -> date:
    while count > 0:
        day += _DAY
        count -= calendar.is_working_day(day)
    return day
